/** UDP floods: datagrams that nobody answers, from many addresses or to many ports. */
import { mainPort, of, packets } from "../endpoints/amounts.ts";
import type { EndpointFacts } from "../endpoints/endpoint-facts.ts";
import { COLLECTORS, REFLECTORS } from "../services.ts";
import type { Sight } from "../sight.ts";
import { LEAST_OF_FLOOD, type Suspicion } from "../suspicion.ts";
import { about, counted, number, percent } from "../words.ts";

const MANY = 20;
const MANY_PORTS = 50;
const QUIC = 443;
/** Packets from which on made-up sources are told from the many clients and servers of a service. */
const ENOUGH = 5000;
/** Packets of a flow on average, and ports, from which on many flows of media are told from a flood of all ports. */
const LONG_FLOW = 20;
const MANY_CALLS = 5000;

export function udpFlood({ address, received, sent }: EndpointFacts, sight: Sight): Suspicion | undefined {
  const udp = of(received, "udp");
  if (udp.packets < LEAST_OF_FLOOD) return undefined;
  const answers = of(sent, "udp");
  const port = mainPort(udp, udp.topOwnPorts);
  const from = mainPort(udp, udp.topPeerPorts);
  const isAnswered = answers.packets * 20 > udp.packets || answers.flows * 5 > udp.flows;
  // Servers answer more than once. A flood can forge their port.
  // Of a network, only the sum of the sources of its addresses is known, which counts some of them more than once.
  const isOnceEach = !address.includes("/") && udp.packets >= ENOUGH && udp.packets < 1.15 * udp.peers;
  const isService = !isOnceEach && from !== null && (REFLECTORS[from] !== undefined || from === QUIC);
  if (isAnswered || isService || (port !== null && COLLECTORS.has(port))) return undefined;
  const areCalls = udp.packets > LONG_FLOW * udp.flows && udp.ownPorts < MANY_CALLS;
  const isAllPorts = port === null && udp.ownPorts >= MANY_PORTS && !areCalls;
  const size = udp.bytes / udp.packets;
  const looksLikeScan = udp.peers <= 8 && udp.packets <= 4 * udp.ownPorts && size < 200;
  if (udp.flows < MANY || looksLikeScan) return undefined;
  const reasons = [
    `${address} received ${counted(udp.packets, "UDP packet")} in ${about(udp.flows, "flow")} from ${about(udp.peers, "address")}, and answered ${number(answers.packets)}.`,
  ];
  let points = 0;
  const add = (holds: boolean, worth: number, sentence: string) => {
    if (!holds) return;
    points += worth;
    reasons.push(sentence);
  };
  const refused = packets(sent, "icmp");
  const rate = sight.peakRate(["udp"], udp.packets);
  const jump = sight.jump(["udp"]);
  const { impossibleShare, commonTtlShare } = sight;
  add(isAllPorts, 3, `They went to ${about(udp.ownPorts, "port")}.`);
  add(refused > udp.packets * 0.02, 3, `${address} answered by ${counted(refused, "ICMP message")}.`);
  add(impossibleShare > 0.02, 3, `${percent(impossibleShare)} of the packets are from addresses that nobody can have.`);
  add(commonTtlShare > 0.85 && !areCalls, 2, `${percent(commonTtlShare)} of the packets have the same TTL.`);
  add(udp.packets >= 200 && udp.packets < 1.15 * udp.peers, 2, "Hardly any address sent a second packet.");
  add(rate >= 1000, rate >= 20_000 ? 2 : 1, `There were up to ${counted(rate, "UDP packet")} a second.`);
  // Where the other direction is not seen, it is not known whether they were answered, as those of any service are.
  const isUnanswered = packets(sent, "ack", "tcpData", "udp", "icmp") > 0;
  add(
    jump >= 10,
    isUnanswered || udp.packets < 2 * udp.flows ? 2 : 1,
    `The busiest interval has ${number(jump)} times as many of them as a quiet one.`,
  );
  add(isUnanswered, 1, `Other packets of ${address} were seen, so that answers would have been seen.`);
  add(udp.peers >= MANY && size > 500 && isUnanswered, 1, `They have ${number(size)} bytes on average.`);
  if (points < 3) return undefined;
  return {
    kind: "udp-flood",
    target: { address, port },
    reflector: null,
    packets: udp.packets,
    bytes: udp.bytes,
    classes: ["udp"],
    sources: udp.peers,
    confidence: Math.min(0.97, 0.4 + points / 10),
    reasons,
  };
}
