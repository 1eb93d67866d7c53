/** Floods of other protocols than TCP, UDP and ICMP. */
import { of } from "../endpoints/amounts.ts";
import type { EndpointFacts } from "../endpoints/endpoint-facts.ts";
import { LEAST_OF_FLOOD, type Suspicion } from "../suspicion.ts";
import { about, counted, number } from "../words.ts";

/** A gateway of tunnels has fewer addresses at their other ends, or answers them. */
const MANY_SOURCES = 20;

export function otherFlood({ address, received, sent }: EndpointFacts): Suspicion | undefined {
  const others = of(received, "otherIp");
  const answers = of(sent, "otherIp").packets;
  const isAnswered = answers * 10 > others.packets;
  if (others.packets < LEAST_OF_FLOOD || others.peers < MANY_SOURCES || isAnswered) return undefined;
  return {
    kind: "other-flood",
    target: { address, port: null },
    reflector: null,
    packets: others.packets,
    bytes: others.bytes,
    classes: ["otherIp"],
    sources: others.peers,
    confidence: 0.8,
    reasons: [
      `${address} received ${counted(others.packets, "packet")} of other protocols than TCP, UDP and ICMP from ${about(others.peers, "address")}, and answered ${number(answers)}.`,
    ],
  };
}
