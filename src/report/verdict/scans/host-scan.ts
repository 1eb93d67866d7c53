/** Host scans: one machine that tries the same port, or a ping, at address after address. */
import type { PacketClass } from "../../values.ts";
import { mainPort, of, packets } from "../endpoints/amounts.ts";
import type { EndpointFacts, TrafficFacts } from "../endpoints/endpoint-facts.ts";
import { ECHO_REQUESTS } from "../icmp-types.ts";
import type { Sight } from "../sight.ts";
import type { Suspicion } from "../suspicion.ts";
import { about, number } from "../words.ts";
import { commonNetwork } from "./common-network.ts";

const LEAST_HOSTS = 20;
const MOST_PER_HOST = 3;

/** @param others all addresses that are followed */
export function hostScan(
  { address, sent }: EndpointFacts,
  sight: Sight,
  others: readonly EndpointFacts[],
): Suspicion | undefined {
  const syns = of(sent, "syn");
  const later = packets(sent, "ack", "tcpData");
  const port = mainPort(syns, syns.topPeerPorts);
  if (tries(syns) && port !== null && later < 0.7 * syns.packets && sight.flags !== "filtered") {
    return scan(address, "syn", syns, port, others);
  }
  const pings = of(sent, "icmp");
  const type = mainPort(pings, pings.topOwnPorts);
  const isPing = ECHO_REQUESTS.some((types) => type !== null && (types as readonly number[]).includes(type));
  return tries(pings) && isPing ? scan(address, "icmp", pings, null, others) : undefined;
}

function tries({ packets: count, peers }: TrafficFacts): boolean {
  return peers >= LEAST_HOSTS && count <= MOST_PER_HOST * peers;
}

function scan(
  scanner: string,
  name: PacketClass,
  probes: TrafficFacts,
  port: number | null,
  others: readonly EndpointFacts[],
): Suspicion {
  const tried = others.filter(({ address, received }) => address !== scanner && of(received, name).packets > 0);
  const network = commonNetwork(
    tried.map(({ address }) => address),
    probes.peers,
  );
  const what = port === null ? "pings" : `SYNs to port ${port}`;
  return {
    kind: "host-scan",
    target: network === null ? null : { address: network, port },
    reflector: null,
    packets: probes.packets,
    bytes: probes.bytes,
    classes: [name],
    sources: 1,
    confidence: Math.min(0.95, 0.7 + probes.peers / 500),
    reasons: [
      `${scanner} sent ${number(probes.packets)} ${what} to ${about(probes.peers, "address")}, and hardly any connection followed.`,
    ],
  };
}
