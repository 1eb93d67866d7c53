/** Reflections: answers of many servers to questions that the target did not ask. */
import { of, portAmount } from "../endpoints/amounts.ts";
import type { EndpointFacts } from "../endpoints/endpoint-facts.ts";
import { REFLECTORS } from "../services.ts";
import { LEAST_OF_FLOOD, type Suspicion } from "../suspicion.ts";
import { about, counted, number, percent } from "../words.ts";

const LEAST_SHARE = 0.3;
const LEAST_REFLECTORS = 8;
/** Bytes that answers have on average at least: small ones do not pay. */
const LARGE: Readonly<Record<number, number>> = { 53: 450, 123: 150 };
const LARGE_OTHERWISE = 130;

export function reflection({ address, received, sent }: EndpointFacts): Suspicion | undefined {
  const whole = of(received, "udp");
  const parts = of(received, "fragment");
  const total = whole.packets + parts.packets;
  if (total < LEAST_OF_FLOOD) return undefined;
  const ports = new Set([...whole.topPeerPorts, ...parts.topPeerPorts].map(({ port }) => port));
  const firsts = parts.topPeerPorts.filter(({ port }) => port !== 0).reduce((sum, one) => sum + one.packets, 0);
  const found = [...ports].flatMap((port) => {
    const name = REFLECTORS[port];
    if (name === undefined) return [];
    const one = portAmount(whole.topPeerPorts, port);
    const begun = portAmount(parts.topPeerPorts, port).packets;
    const share = firsts === 0 ? 0 : begun / firsts;
    const count = one.packets + parts.packets * share;
    return [{ port, name, begun, answers: one.packets + begun, count, bytes: one.bytes + parts.bytes * share }];
  });
  const [main] = found.sort((one, other) => other.count - one.count);
  if (main === undefined || main.count < LEAST_SHARE * total) return undefined;
  const { port, name, count, bytes, answers } = main;
  const reflectors = Math.max(whole.peers, parts.peers);
  if (reflectors < LEAST_REFLECTORS) return undefined;
  const asked = portAmount(of(sent, "udp").topPeerPorts, port).packets;
  if (asked * 3 >= answers) return undefined;
  const size = bytes / Math.max(answers, 1);
  if (size < (LARGE[port] ?? LARGE_OTHERWISE)) return undefined;
  return {
    kind: "reflection",
    target: { address, port: null },
    reflector: { service: name, port },
    packets: Math.round(count),
    bytes: Math.round(bytes),
    classes: parts.packets * 2 > count ? ["udp", "fragment"] : ["udp"],
    sources: reflectors,
    confidence: 0.95,
    reasons: [
      `${percent(count / total)} of the UDP packets that ${address} received are answers of ${name} from source port ${port}: ${counted(count, "packet")} from ${about(reflectors, "address")}, with ${number(size)} bytes an answer.`,
      asked === 0
        ? `No question of ${address} to port ${port} was seen.`
        : `${address} was seen to ask only ${counted(asked, "time")}.`,
    ],
  };
}
