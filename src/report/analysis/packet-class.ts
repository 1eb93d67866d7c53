/** The class of a packet, as a number: its place in PACKET_CLASSES. */
import { PACKET_CLASSES, type PacketClass } from "../values.ts";

function place(name: PacketClass): number {
  return PACKET_CLASSES.indexOf(name);
}

export const CLASS_SYN = place("syn");
export const CLASS_SYN_ACK = place("synAck");
export const CLASS_RST = place("rst");
export const CLASS_FIN = place("fin");
export const CLASS_ACK = place("ack");
export const CLASS_TCP_DATA = place("tcpData");
export const CLASS_TCP_OTHER = place("tcpOther");
export const CLASS_UDP = place("udp");
export const CLASS_ICMP = place("icmp");
export const CLASS_FRAGMENT = place("fragment");
export const CLASS_OTHER_IP = place("otherIp");
export const CLASS_NOT_IP = place("notIp");

export const TCP_FIN = 1;
export const TCP_SYN = 2;
export const TCP_RST = 4;
export const TCP_ACK = 16;
export const TCP_URG = 32;
const DECIDING = TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK;

/**
 * - syn, synAck: SYN without RST and FIN, without and with ACK
 * - rst: RST without SYN and FIN, with or without ACK
 * - fin: FIN without SYN and RST, with ACK; or FIN alone
 * - ack: ACK without SYN, FIN and RST, and no payload; tcpData: the same with payload
 * - tcpOther: every other combination, such as no flags, SYN with FIN, or FIN with PSH and URG; and headers cut before the flags
 *
 * @param payload bytes behind the TCP header, as the IP header states
 */
export function classOfTcp(flags: number, payload: number): number {
  switch (flags & DECIDING) {
    case TCP_SYN:
      return CLASS_SYN;
    case TCP_SYN | TCP_ACK:
      return CLASS_SYN_ACK;
    case TCP_RST:
    case TCP_RST | TCP_ACK:
      return CLASS_RST;
    case TCP_FIN | TCP_ACK:
      return CLASS_FIN;
    case TCP_FIN:
      return (flags & 0x3f) === TCP_FIN ? CLASS_FIN : CLASS_TCP_OTHER;
    case TCP_ACK:
      return payload > 0 ? CLASS_TCP_DATA : CLASS_ACK;
    default:
      return CLASS_TCP_OTHER;
  }
}
