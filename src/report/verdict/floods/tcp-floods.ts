/** Floods of TCP packets that belong to no connection. */
import type { PacketClass } from "../../values.ts";
import { bytes, flows, mainPort, of, packets, peers } from "../endpoints/amounts.ts";
import type { EndpointFacts } from "../endpoints/endpoint-facts.ts";
import type { Sight } from "../sight.ts";
import { LEAST_OF_FLOOD, type Suspicion } from "../suspicion.ts";
import type { VerdictKind } from "../verdict.ts";
import { about, counted, number, percent } from "../words.ts";

/** Flows from which on it says something that each has few packets. */
const MANY_FLOWS = 30;
/** Packets from which on it says something that nearly each has a flow of its own, where the other direction is not seen. */
const ENOUGH = 400;

function suspicion(
  kind: VerdictKind,
  { address, received }: EndpointFacts,
  classes: readonly PacketClass[],
  confidence: number,
  reasons: readonly string[],
): Suspicion {
  const [first = "ack"] = classes.toSorted((one, other) => packets(received, other) - packets(received, one));
  const main = of(received, first);
  return {
    kind,
    target: { address, port: mainPort(main, main.topOwnPorts) },
    reflector: null,
    packets: packets(received, ...classes),
    bytes: bytes(received, ...classes),
    classes,
    sources: peers(received, ...classes),
    confidence,
    reasons,
  };
}

export function ackFlood(endpoint: EndpointFacts, sight: Sight): Suspicion | undefined {
  const { received, sent, address } = endpoint;
  const classes = ["ack", "tcpData"] as const;
  const acks = packets(received, ...classes);
  const own = flows(received, ...classes);
  if (acks < LEAST_OF_FLOOD) return undefined;
  const opened = packets(received, "syn", "fin", "rst", "synAck");
  const answered = packets(sent, "ack", "tcpData", "synAck", "fin");
  const answeredFlows = flows(sent, "ack", "tcpData", "synAck", "fin");
  const resets = of(sent, "rst");
  const said = `${address} received ${counted(acks, "ACK")} in ${about(own, "flow")}`;
  const because = (confidence: number, rest: string) =>
    suspicion("ack-flood", endpoint, classes, confidence, [`${said}${rest}`]);
  if (resets.packets > acks * 0.3 && own > 3 * answeredFlows && own >= MANY_FLOWS) {
    return because(
      0.97,
      `, and answered ${number(resets.packets)} of them by a reset, as it does where there is no connection.`,
    );
  }
  if (answered > 0 && own >= MANY_FLOWS && own > 4 * answeredFlows && acks < 20 * own && opened < own / 2) {
    return because(0.9, `, of which it answered about ${number(answeredFlows)}.`);
  }
  if (answered > 0) return undefined;
  const isEachAlone = acks < 1.5 * own && opened < own * 0.03;
  const hasJumped = sight.jump(classes) >= 10 || (acks >= ENOUGH && sight.peakRate(classes, acks) > 2000);
  if (isEachAlone && (hasJumped || sight.impossibleShare > 0.02 || sight.commonTtlShare > 0.85)) {
    return because(0.85, `, which is nearly one for each, and of which ${number(opened)} were opened or closed.`);
  }
  const isManySources = peers(received, ...classes) * MANY_FLOWS < own;
  if (own >= ENOUGH && opened < own * 0.01 && isManySources) {
    return because(0.8, ` of few addresses, of which ${number(opened)} were opened or closed.`);
  }
  return undefined;
}

/** @param others the classes that ordinary connections have beside it */
function flagFlood(
  kind: VerdictKind,
  name: PacketClass,
  least: number,
  word: string,
): (endpoint: EndpointFacts, sight: Sight) => Suspicion | undefined {
  return (endpoint) => {
    const { received, sent, address } = endpoint;
    const main = of(received, name);
    const whole = packets(received, "syn", "synAck", "rst", "fin", "ack", "tcpData", "tcpOther");
    const isScan = main.peers <= 8 && main.ownPorts >= 12 && main.packets <= 4 * main.ownPorts;
    if (main.packets < LEAST_OF_FLOOD || main.packets < least * whole || isScan) return undefined;
    // Whoever sends as much itself gets answers.
    if (packets(sent, "syn", "ack", "tcpData", "tcpOther") > main.packets * 0.3) return undefined;
    const share = main.packets / whole;
    const reason = `${percent(share)} of the TCP packets that ${address} received are ${word}: ${counted(main.packets, "packet")} from ${about(main.peers, "address")}.`;
    return suspicion(kind, endpoint, [name], 0.6 + 0.38 * share, [reason]);
  };
}

export const finFlood = flagFlood("fin-flood", "fin", 0.5, "FINs, of which a connection has one or two");
export const rstFlood = flagFlood("rst-flood", "rst", 0.5, "resets, of which a connection has one at most");
export const oddFlagFlood = flagFlood(
  "tcp-flag-flood",
  "tcpOther",
  0.3,
  "of combinations of flags that no connection has",
);
