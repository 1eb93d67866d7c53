/** Kinds of filters that no packet matches together. An expression is not looked at. */
import { usageError } from "../errors.ts";

const TCP = 6;
const UDP = 17;
const SCTP = 132;
/** Hop-by-hop options, routing, fragment, authentication and destination options: TCP and ports may follow them. */
export const IPV6_EXTENSIONS: readonly number[] = [0, 43, 44, 51, 60];
const HINT = "leave out one of them";

/** What asks for a header that not every protocol has. */
export interface TransportOption {
  readonly option: string;
  readonly asksFor: "TCP flags" | "ports";
}

/** What asks for one version of IP, or for both. */
export interface VersionOption {
  /** The option; of the one that asks for the version itself, with its value: "ipVersion: 4". */
  readonly option: string;
  readonly versions: ReadonlySet<4 | 6>;
}

/**
 * @param protocols those of the option `protocol`; undefined where it is not given
 * @throws RingcapError USAGE
 */
export function refuseContradictions(
  protocols: ReadonlySet<number> | undefined,
  transport: readonly TransportOption[],
  addresses: readonly VersionOption[],
): void {
  const only = (version: 4 | 6) => addresses.find(({ versions }) => versions.size === 1 && versions.has(version));
  const [ipv4, ipv6] = [only(4), only(6)];
  if (ipv4 !== undefined && ipv6 !== undefined) {
    const [subject, other] = ipv6.option.startsWith("ipVersion") ? [ipv4, ipv6] : [ipv6, ipv4];
    const [own, others] = subject === ipv4 ? ["IPv4", "IPv6"] : ["IPv6", "IPv4"];
    throw usageError(subject.option, `asks for ${own} and \`${other.option}\` for ${others}: no packet is both`, HINT);
  }
  if (protocols === undefined) return;
  const extensions = ipv4 === undefined ? IPV6_EXTENSIONS : [];
  for (const { option, asksFor } of transport) {
    const carriers = asksFor === "ports" ? [TCP, UDP, SCTP] : [TCP];
    if ([...carriers, ...extensions].some((protocol) => protocols.has(protocol))) continue;
    throw usageError(option, `no protocol of \`protocol\` has ${asksFor}`, HINT);
  }
}
