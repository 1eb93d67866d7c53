/** All attacks that the traffic of the followed addresses looks like. */
import type { EndpointFacts } from "./endpoints/endpoint-facts.ts";
import { icmpBackscatter, reflectedSynAcks, rstBackscatter, synAckBackscatter } from "./floods/backscatter.ts";
import { fragmentFlood } from "./floods/fragment-flood.ts";
import { icmpFlood } from "./floods/icmp-flood.ts";
import { otherFlood } from "./floods/other-flood.ts";
import { reflection } from "./floods/reflection.ts";
import { synFlood } from "./floods/syn-flood.ts";
import { ackFlood, finFlood, oddFlagFlood, rstFlood } from "./floods/tcp-floods.ts";
import { udpFlood } from "./floods/udp-flood.ts";
import { networksOf } from "./networks.ts";
import { hostScan } from "./scans/host-scan.ts";
import { portScan, portScanner } from "./scans/port-scan.ts";
import type { Sight } from "./sight.ts";
import type { Suspicion } from "./suspicion.ts";

type Detector = (endpoint: EndpointFacts, sight: Sight, all: readonly EndpointFacts[]) => Suspicion | undefined;

const OF_ADDRESSES: readonly Detector[] = [
  synFlood,
  ackFlood,
  finFlood,
  rstFlood,
  oddFlagFlood,
  udpFlood,
  reflection,
  icmpFlood,
  fragmentFlood,
  otherFlood,
  synAckBackscatter,
  rstBackscatter,
  icmpBackscatter,
  reflectedSynAcks,
  portScan,
  portScanner,
  hostScan,
];

/** The floods that are spread over networks. */
const OF_NETWORKS: readonly Detector[] = [synFlood, ackFlood, udpFlood, reflection, icmpFlood, fragmentFlood];

/** The least share of all packets that an attack has. A scan need not be loud. */
const LEAST_OF_FLOOD = 0.03;
const LEAST_OF_SCAN = 0.005;

export function suspicionsOf(sight: Sight): Suspicion[] {
  const { endpoints } = sight.facts;
  const found = (list: readonly EndpointFacts[], detectors: readonly Detector[]) =>
    list.flatMap((endpoint) => detectors.flatMap((detect) => detect(endpoint, sight, endpoints) ?? []));
  const ofNetworks = found(networksOf(endpoints), OF_NETWORKS)
    // What one machine sends to a whole network is a scan.
    .filter(({ classes }) => !classes.some((name) => sight.hasMainSender(name)));
  return [...found(endpoints, OF_ADDRESSES), ...ofNetworks].filter(({ kind, packets }) => {
    const least = kind.endsWith("scan") ? LEAST_OF_SCAN : LEAST_OF_FLOOD;
    return packets >= least * sight.packets;
  });
}
