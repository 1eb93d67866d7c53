/** The totals of all CPUs, out of the regions that the program counts in. */
import {
  TRAFFIC_ACK,
  TRAFFIC_CLASSES,
  TRAFFIC_FIN,
  TRAFFIC_ICMP,
  TRAFFIC_ICMP_FRAGMENT,
  TRAFFIC_IPV4,
  TRAFFIC_IPV6,
  TRAFFIC_OTHER,
  TRAFFIC_OTHER_FRAGMENT,
  TRAFFIC_OTHER_TCP,
  TRAFFIC_REGION,
  TRAFFIC_RST,
  TRAFFIC_SYN,
  TRAFFIC_SYN_ACK,
  TRAFFIC_TCP_FRAGMENT,
  TRAFFIC_UDP,
  TRAFFIC_UDP_FRAGMENT,
  TRAFFIC_VERSIONS,
} from "../../generated/layouts.ts";
import type { TrafficTotals } from "../../packets/traffic-counts.ts";

const WORD = 8;
const REGION_WORDS = TRAFFIC_REGION.size / WORD;
const FIRST_CLASS = TRAFFIC_REGION.packets / WORD;

const TCP = [
  ...[TRAFFIC_SYN, TRAFFIC_SYN_ACK, TRAFFIC_RST, TRAFFIC_FIN, TRAFFIC_ACK],
  ...[TRAFFIC_OTHER_TCP, TRAFFIC_TCP_FRAGMENT],
];
const UDP = [TRAFFIC_UDP, TRAFFIC_UDP_FRAGMENT];
const ICMP = [TRAFFIC_ICMP, TRAFFIC_ICMP_FRAGMENT];
const OTHER = [TRAFFIC_OTHER, TRAFFIC_OTHER_FRAGMENT];
const FRAGMENTS = [TRAFFIC_TCP_FRAGMENT, TRAFFIC_UDP_FRAGMENT, TRAFFIC_ICMP_FRAGMENT, TRAFFIC_OTHER_FRAGMENT];
const ALL = [...TCP, ...UDP, ...ICMP, ...OTHER];

/** @param regions `count` structs traffic_region, one after the other. Each word is read once. */
export function sumTotals(regions: BigUint64Array, count: number): TrafficTotals {
  const sums = new Float64Array(TRAFFIC_VERSIONS * TRAFFIC_CLASSES);
  let bytes = 0;
  for (let start = 0; start < count * REGION_WORDS; start += REGION_WORDS) {
    bytes += Number(regions[start + TRAFFIC_REGION.bytes / WORD] ?? 0n);
    for (let at = 0; at < sums.length; at++)
      sums[at] = (sums[at] ?? 0) + Number(regions[start + FIRST_CLASS + at] ?? 0n);
  }
  const ofVersion = (version: number, classes: readonly number[]) =>
    classes.reduce((sum, each) => sum + (sums[version * TRAFFIC_CLASSES + each] ?? 0), 0);
  const of = (...classes: number[]) =>
    ofVersion(0, classes) + ofVersion(TRAFFIC_IPV4, classes) + ofVersion(TRAFFIC_IPV6, classes);
  return {
    packets: of(...ALL),
    bytes,
    ipv4: ofVersion(TRAFFIC_IPV4, ALL),
    ipv6: ofVersion(TRAFFIC_IPV6, ALL),
    tcp: of(...TCP),
    udp: of(...UDP),
    icmp: of(...ICMP),
    otherProtocol: of(...OTHER),
    syn: of(TRAFFIC_SYN),
    synAck: of(TRAFFIC_SYN_ACK),
    rst: of(TRAFFIC_RST),
    fin: of(TRAFFIC_FIN),
    ack: of(TRAFFIC_ACK),
    otherTcp: of(TRAFFIC_OTHER_TCP),
    fragments: of(...FRAGMENTS),
  };
}
