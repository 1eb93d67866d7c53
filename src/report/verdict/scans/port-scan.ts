/** Port scans: one or a few machines that try port after port of one machine. */
import type { PacketClass } from "../../values.ts";
import { mainPort, of, packets } from "../endpoints/amounts.ts";
import type { EndpointFacts, TrafficFacts } from "../endpoints/endpoint-facts.ts";
import { REFLECTORS } from "../services.ts";
import type { Sight } from "../sight.ts";
import type { Suspicion } from "../suspicion.ts";
import { about, counted, number } from "../words.ts";

const CLASSES = ["syn", "fin", "tcpOther", "ack", "udp"] as const satisfies readonly PacketClass[];
const LEAST_PORTS = 12;
const MOST_SCANNERS = 8;
const MOST_PER_PORT = 4;
/** Bytes that a probe by UDP has at most on average, and the most of them in a second: more is a flood. */
const PROBE = 200;
const FAST = 20_000;

export function portScan({ address, received, sent }: EndpointFacts, sight: Sight): Suspicion | undefined {
  for (const name of CLASSES) {
    const probes = of(received, name);
    if (!tries(probes, probes.peers, probes.ownPorts, mainPort(probes, probes.topOwnPorts))) continue;
    if (name === "udp" && !isProbe(probes, of(sent, "udp"), sight)) continue;
    if (name !== "udp" && hasConnections(received, name)) continue;
    return scan(address, name, probes, probes.peers, probes.ownPorts);
  }
  return undefined;
}

/** The same from the side of the one who scans, where the target has much else to do. @param others all addresses that are followed */
export function portScanner(
  { address, sent }: EndpointFacts,
  _sight: Sight,
  others: readonly EndpointFacts[],
): Suspicion | undefined {
  for (const name of ["syn", "fin", "tcpOther"] as const) {
    const probes = of(sent, name);
    if (probes.peers > 2 || !tries(probes, 1, probes.peerPorts, mainPort(probes, probes.topPeerPorts))) continue;
    if (hasConnections(sent, name)) continue;
    const target = others.find(({ received }) => of(received, name).ownPorts > 0.7 * probes.peerPorts);
    if (target === undefined || target.address === address) continue;
    return scan(target.address, name, probes, 1, probes.peerPorts);
  }
  return undefined;
}

function tries({ packets: count }: TrafficFacts, sources: number, ports: number, main: number | null): boolean {
  return main === null && sources <= MOST_SCANNERS && ports >= LEAST_PORTS && count <= MOST_PER_PORT * ports;
}

function hasConnections(traffic: EndpointFacts["sent"], name: PacketClass): boolean {
  const probes = packets(traffic, name);
  const later = packets(traffic, "ack", "tcpData") - (name === "ack" ? probes : 0);
  // An ACK alone is a probe only where nothing opens or carries anything.
  return later > 0.8 * probes || (name === "ack" && packets(traffic, "syn", "tcpData", "fin") > 0.1 * probes);
}

function isProbe(probes: TrafficFacts, answers: TrafficFacts, sight: Sight): boolean {
  const from = mainPort(probes, probes.topPeerPorts);
  const isAnswer = from !== null && (REFLECTORS[from] !== undefined || from === 443);
  const isAnswered = answers.flows * 3 > probes.flows;
  return (
    !isAnswer && !isAnswered && probes.bytes < PROBE * probes.packets && sight.peakRate(["udp"], probes.packets) < FAST
  );
}

function scan(address: string, name: PacketClass, probes: TrafficFacts, sources: number, ports: number): Suspicion {
  return {
    kind: "port-scan",
    target: { address, port: null },
    reflector: null,
    packets: probes.packets,
    bytes: probes.bytes,
    classes: [name],
    sources,
    confidence: Math.min(0.97, 0.7 + ports / 500),
    reasons: [
      `${counted(sources, "address")} sent ${number(probes.packets)} packets to ${about(ports, "port")} of ${address}, and hardly any connection followed.`,
    ],
  };
}
