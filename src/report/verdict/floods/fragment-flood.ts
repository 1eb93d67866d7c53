/** Fragment floods: fragments that make no whole packets. */
import { all, of, portAmount } from "../endpoints/amounts.ts";
import { type EndpointFacts, FIRST_FRAGMENT, LAST_FRAGMENT } from "../endpoints/endpoint-facts.ts";
import { LEAST_OF_FLOOD, type Suspicion } from "../suspicion.ts";
import { about, counted, number } from "../words.ts";

const MANY_SOURCES = 50;

export function fragmentFlood({ address, received }: EndpointFacts): Suspicion | undefined {
  const parts = of(received, "fragment");
  if (parts.packets < LEAST_OF_FLOOD || parts.packets < 0.3 * all(received)) return undefined;
  const first = portAmount(parts.topOwnPorts, FIRST_FRAGMENT).packets;
  const last = portAmount(parts.topOwnPorts, LAST_FRAGMENT).packets;
  // Of each packet that is whole there is one first and one last fragment.
  const isWhole = Math.min(first, last) > 0.4 * Math.max(first, last);
  if (isWhole && parts.peers < MANY_SOURCES) return undefined;
  return {
    kind: "fragment-flood",
    target: { address, port: null },
    reflector: null,
    packets: parts.packets,
    bytes: parts.bytes,
    classes: ["fragment"],
    sources: parts.peers,
    confidence: isWhole ? 0.6 : 0.95,
    reasons: [
      `${address} received ${counted(parts.packets, "fragment")} from ${about(parts.peers, "address")}: ${number(first)} are the first and ${number(last)} the last of a packet.`,
    ],
  };
}
