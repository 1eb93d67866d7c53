/** Backscatter: what the victim of a flood answers to addresses that were used as made-up sources. */
import type { PacketClass } from "../../values.ts";
import { all, mainPort, of, packets, portAmount } from "../endpoints/amounts.ts";
import type { EndpointFacts, TrafficFacts } from "../endpoints/endpoint-facts.ts";
import { ECHO_REPLIES, ERRORS } from "../icmp-types.ts";
import { LEAST_OF_FLOOD, type Suspicion } from "../suspicion.ts";
import type { VerdictKind } from "../verdict.ts";
import { about, counted, number } from "../words.ts";

const MANY = 20;
/** A balancer that checks whether its servers live gets SYN-ACKs alone, of fewer ones. */
const MANY_SERVERS = 45;

function sentBack(
  kind: VerdictKind,
  name: PacketClass,
  word: string,
): (endpoint: EndpointFacts) => Suspicion | undefined {
  return ({ address, sent, received }) => {
    const answers = of(sent, name);
    const asked = all(received);
    if (answers.packets < LEAST_OF_FLOOD || answers.peers < MANY || asked > 0.3 * answers.packets) return undefined;
    if (packets(sent, "ack", "tcpData", "syn", "udp") > 0.3 * answers.packets) return undefined;
    if (name === "icmp" && !isAnswer(answers, address.includes(":"))) return undefined;
    return {
      kind,
      target: { address, port: name === "icmp" ? null : mainPort(answers, answers.topOwnPorts) },
      reflector: null,
      packets: answers.packets,
      bytes: answers.bytes,
      classes: [name],
      sources: 1,
      confidence: 0.95,
      reasons: [
        `${address} sent ${number(answers.packets)} ${word} to ${about(answers.peers, "address")}, of which ${counted(asked, "packet")} were seen before: it answers a flood that used these addresses as its sources.`,
      ],
    };
  };
}

function isAnswer({ packets: count, topOwnPorts }: TrafficFacts, isIpv6: boolean): boolean {
  const types: readonly number[] = [...ERRORS, ...ECHO_REPLIES].map(([old, six]) => (isIpv6 ? six : old));
  return types.reduce<number>((sum, type) => sum + portAmount(topOwnPorts, type).packets, 0) > count * 0.8;
}

export const synAckBackscatter = sentBack("syn-ack-backscatter", "synAck", "SYN-ACKs");
export const rstBackscatter = sentBack("rst-backscatter", "rst", "resets");
export const icmpBackscatter = sentBack("icmp-backscatter", "icmp", "ICMP messages");

/** SYN-ACKs of many servers that were asked in the name of the target. */
export function reflectedSynAcks({ address, received, sent }: EndpointFacts): Suspicion | undefined {
  const answers = of(received, "synAck");
  const connections = packets(received, "ack", "tcpData");
  if (answers.packets < LEAST_OF_FLOOD || answers.peers < MANY_SERVERS || connections > answers.packets)
    return undefined;
  const asked = of(sent, "syn").packets;
  if (asked > answers.packets * 0.3) return undefined;
  return {
    kind: "syn-ack-backscatter",
    target: { address, port: mainPort(answers, answers.topOwnPorts) },
    reflector: null,
    packets: answers.packets,
    bytes: answers.bytes,
    classes: ["synAck"],
    sources: answers.peers,
    confidence: 0.9,
    reasons: [
      `${address} received ${counted(answers.packets, "SYN-ACK")} from ${about(answers.peers, "address")}, and was seen to send ${counted(asked, "SYN")}: others asked in its name.`,
    ],
  };
}
