/** Conditions on the IP header. */
import { QUIRK_DF, QUIRK_ECN, QUIRK_FLOW, QUIRK_ID_NOT_ZERO, QUIRK_ID_ZERO, QUIRK_RESERVED } from "../quirks.ts";
import type { Tuple } from "../tuple.ts";
import type { Condition } from "./condition.ts";

const IPV4_LENGTH = 20;
const TCP = 6;
/** Wireshark's names of the extension headers that a filter can name. */
const EXTENSION_NAMES: Readonly<Record<number, string>> = { 0: "ipv6.hopopts", 43: "ipv6.routing", 60: "ipv6.dstopts" };

export function ipv4Conditions(tuple: Tuple): Condition[] {
  const { traits, ipOptionsLength } = tuple;
  const headerLength = IPV4_LENGTH + ipOptionsLength;
  const flags = (traits & QUIRK_DF) === 0 ? 0 : 0x4000;
  const hasId = (traits & QUIRK_ID_NOT_ZERO) !== 0 || (traits & (QUIRK_DF | QUIRK_ID_ZERO)) === 0;
  return [
    // A packet within another one, such as the one that an ICMP error quotes, has fields of the same names.
    { expression: "ip[9] = 6", display: "ip.proto#1 == 6" },
    { expression: `ip[0] = 0x4${(headerLength / 4).toString(16)}`, display: `ip.hdr_len == ${headerLength}` },
    ...((traits & QUIRK_ECN) === 0 ? [{ expression: "ip[1] & 3 = 0", display: "ip.dsfield.ecn == 0" }] : []),
    lengthCondition(tuple, headerLength + tuple.tcpHeaderLength, "ip[2:2]", "ip.len"),
    { expression: `ip[4:2] ${hasId ? "!=" : "="} 0`, display: `ip.id ${hasId ? "!=" : "=="} 0` },
    fragmentCondition(flags, (traits & QUIRK_RESERVED) !== 0),
    ttlCondition(tuple, "ip[8]", "ip.ttl"),
  ];
}

/** The flags and the fragment offset, of which the reserved bit is told with that of TCP. */
function fragmentCondition(flags: number, isReservedOpen: boolean): Condition {
  const value = flags === 0 ? "0" : "0x4000";
  if (!isReservedOpen) {
    return { expression: `ip[6:2] = ${value}`, display: `ip[6:2] == ${flags === 0 ? "00:00" : "40:00"}` };
  }
  const hasFlag = flags === 0 ? 0 : 1;
  const display = `ip.flags.df == ${hasFlag} && ip.flags.mf == 0 && ip.frag_offset == 0`;
  return { expression: `ip[6:2] & 0x7fff = ${value}`, display };
}

export function ipv6Conditions(tuple: Tuple): Condition[] {
  const { traits } = tuple;
  const conditions: Condition[] = [{ expression: "ip6[0] & 0xf0 = 0x60", display: "ipv6.version == 6" }];
  if ((traits & QUIRK_ECN) === 0) conditions.push({ expression: "ip6[1] & 0x30 = 0", display: "ipv6.tclass.ecn == 0" });
  const flow = (traits & QUIRK_FLOW) === 0 ? ["=", "=="] : ["!=", "!="];
  conditions.push(
    { expression: `ip6[0:4] & 0xfffff ${flow[0]} 0`, display: `ipv6.flow ${flow[1]} 0` },
    lengthCondition(tuple, tuple.ipOptionsLength + tuple.tcpHeaderLength, "ip6[4:2]", "ipv6.plen"),
    ...nextHeader(tuple),
    ttlCondition(tuple, "ip6[7]", "ipv6.hlim"),
  );
  return conditions;
}

function nextHeader({ extensions }: Tuple): Condition[] {
  if (extensions.count === 0) return [{ expression: `ip6[6] = ${TCP}`, display: `ipv6.nxt#1 == ${TCP}` }];
  const name = EXTENSION_NAMES[extensions.kind] ?? "";
  const field = extensions.length / 8 - 1;
  return [
    { expression: `ip6[6] = ${extensions.kind}`, display: `ipv6.nxt#1 == ${extensions.kind}` },
    { expression: `ip6[40] = ${TCP}`, display: `${name}.nxt#1 == ${TCP}` },
    { expression: `ip6[41] = ${field}`, display: `${name}.len#1 == ${field}` },
  ];
}

/** Whether filters can say what stands between the IP header and TCP: nothing, options of IPv4, or one extension header. */
export function isExpressible({ ipVersion, extensions }: Tuple): boolean {
  return ipVersion === 4 || extensions.count === 0 || (extensions.count === 1 && extensions.kind in EXTENSION_NAMES);
}

function lengthCondition({ hasPayload }: Tuple, headers: number, load: string, field: string): Condition {
  if (hasPayload) return { expression: `${load} > ${headers}`, display: `${field} > ${headers}` };
  return { expression: `${load} = ${headers}`, display: `${field} == ${headers}` };
}

function ttlCondition({ lowestTtl, highestTtl }: Tuple, load: string, field: string): Condition {
  if (lowestTtl === highestTtl) return { expression: `${load} = ${lowestTtl}`, display: `${field} == ${lowestTtl}` };
  return {
    expression: `${load} >= ${lowestTtl} and ${load} <= ${highestTtl}`,
    display: `${field} >= ${lowestTtl} && ${field} <= ${highestTtl}`,
  };
}
