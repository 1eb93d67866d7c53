/** ICMP floods: more messages than people and monitors send. */
import { of, packets, portAmount } from "../endpoints/amounts.ts";
import type { EndpointFacts, TrafficFacts } from "../endpoints/endpoint-facts.ts";
import { ECHO_REPLIES, ECHO_REQUESTS, ERRORS } from "../icmp-types.ts";
import type { Sight } from "../sight.ts";
import { LEAST_OF_FLOOD, type Suspicion } from "../suspicion.ts";
import { about, number } from "../words.ts";

/** Addresses that ping a machine: monitors are few. */
const MANY_SOURCES = 20;
/** Messages a second. Monitors send a few. */
const FAST = 100;
const FAST_OF_ONE = 10;

export function icmpFlood({ address, received, sent }: EndpointFacts, sight: Sight): Suspicion | undefined {
  const icmp = of(received, "icmp");
  const isIpv6 = address.includes(":");
  const requests = sum(icmp, ECHO_REQUESTS, isIpv6);
  const replies = sum(icmp, ECHO_REPLIES, isIpv6);
  const errors = sum(icmp, ERRORS, isIpv6);
  const asked = sum(of(sent, "icmp"), ECHO_REQUESTS, isIpv6);
  const caused = packets(sent, "udp", "syn", "icmp");
  const kinds = [
    { count: requests, word: "echo requests", isAsked: false },
    { count: replies, word: "echo replies", isAsked: asked * 3 > replies },
    { count: errors, word: "error messages", isAsked: caused * 3 > errors },
  ];
  const [main] = kinds.sort((one, other) => other.count - one.count);
  if (main === undefined || main.count < LEAST_OF_FLOOD || main.isAsked) return undefined;
  const rate = sight.peakRate(["icmp"], icmp.packets);
  const isMany = icmp.peers >= MANY_SOURCES;
  if (!isMany && (rate < FAST || rate / Math.max(icmp.peers, 1) < FAST_OF_ONE)) return undefined;
  return {
    kind: "icmp-flood",
    target: { address, port: null },
    reflector: null,
    packets: icmp.packets,
    bytes: icmp.bytes,
    classes: ["icmp"],
    sources: icmp.peers,
    confidence: rate >= FAST ? 0.95 : 0.7,
    reasons: [
      `${address} received ${number(main.count)} ICMP ${main.word} from ${about(icmp.peers, "address")}, up to ${number(rate)} a second.`,
    ],
  };
}

function sum({ topOwnPorts }: TrafficFacts, types: readonly (readonly [number, number])[], isIpv6: boolean): number {
  return types.reduce((all, [old, six]) => all + portAmount(topOwnPorts, isIpv6 ? six : old).packets, 0);
}
