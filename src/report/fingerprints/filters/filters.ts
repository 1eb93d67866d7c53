/** The filters that choose the packets of a tuple. */
import type { FingerprintEntry } from "../fingerprint-report.ts";
import type { Tuple } from "../tuple.ts";
import type { Condition } from "./condition.ts";
import { ipv4Conditions, ipv6Conditions, isExpressible } from "./ip-conditions.ts";
import { tcpConditions } from "./tcp-conditions.ts";

const IPV6_LENGTH = 40;

/**
 * @param isMixed whether SYNs of the capture have different headers in front of IP. Wireshark looks behind all of them, so
 * that its filter has to say which.
 */
export function filtersOf(tuple: Tuple, isMixed: boolean): FingerprintEntry["filters"] {
  const { vlanTags } = tuple;
  if (vlanTags === null || tuple.isCut || !isExpressible(tuple)) return null;
  const conditions =
    tuple.ipVersion === 4
      ? [...ipv4Conditions(tuple), ...tcpConditions(tuple, { header: "tcp", offset: 0 })]
      : [
          ...ipv6Conditions(tuple),
          ...tcpConditions(tuple, { header: "ip6", offset: IPV6_LENGTH + tuple.ipOptionsLength }),
        ];
  const expression = [...new Array<string>(vlanTags).fill("vlan"), ...conditions.map(expressionOf)].join(" and ");
  return {
    ringcap: `-${tuple.ipVersion} --tcp-flags 'syn,!ack,!fin,!rst' '${expression}'`,
    expression,
    displayFilter: [
      ...(isMixed ? framing(vlanTags, tuple.ipVersion === 4 ? "08:00" : "86:dd") : []),
      ...conditions.map(displayOf),
    ].join(" && "),
  };
}

/**
 * What stands in front of IP. Wireshark dissects two tags of 802.1ad as one layer, so that tags are told by the place of the
 * EtherType behind them.
 */
function framing(vlanTags: number, type: string): string[] {
  if (vlanTags === 0) return ["!vlan", "!ieee8021ad", "!pppoes", "!mpls", "!eth.len"];
  const isTag = vlanTags === 2 ? [`frame[16:2] != ${type}`] : [];
  return ["(vlan || ieee8021ad)", ...isTag, `frame[${12 + 4 * vlanTags}:2] == ${type}`];
}

function expressionOf({ expression }: Condition): string {
  return expression;
}

function displayOf({ display }: Condition): string {
  return display;
}
