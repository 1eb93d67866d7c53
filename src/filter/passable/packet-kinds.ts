/** The kinds of packets that the counts of a capture tell apart (bpf/counts/traffic_layout.h). */
import type { TrafficTotals } from "../../packets/traffic-counts.ts";

export interface PacketKind {
  readonly ipVersion: 4 | 6 | undefined;
  /** Undefined: any other than those that have kinds of their own, or no IP. */
  readonly protocol: number | undefined;
  /** Of a TCP header: those that are known, and their values. */
  readonly tcpFlags?: { readonly value: number; readonly mask: number };
  /** Whether it is a fragment behind the first one, which has no header of the protocol. */
  readonly isFragment: boolean;
  readonly hasPorts: boolean;
  /** What it is counted as, beside packets and bytes. */
  readonly countsAs: readonly (keyof TrafficTotals)[];
}

export const TCP = 6;
const UDP = 17;
const SCTP = 132;
const ICMP = 1;
const ICMPV6 = 58;

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** The first of these that a header agrees with is what it counts as. */
const OF_FLAGS = {
  syn: { value: SYN, mask: SYN | ACK },
  synAck: { value: SYN | ACK, mask: SYN | ACK },
  rst: { value: RST, mask: RST | SYN },
  fin: { value: FIN, mask: FIN | RST | SYN },
  ack: { value: ACK, mask: ACK | FIN | RST | SYN },
  otherTcp: { value: 0, mask: ACK | FIN | RST | SYN },
} as const;

const NO_IP: PacketKind = {
  ipVersion: undefined,
  protocol: undefined,
  isFragment: false,
  hasPorts: false,
  countsAs: ["otherProtocol"],
};

function kindsOf(ipVersion: 4 | 6): PacketKind[] {
  const version = ipVersion === 4 ? "ipv4" : "ipv6";
  const flags = Object.entries(OF_FLAGS) as [keyof typeof OF_FLAGS, { value: number; mask: number }][];
  const segments = flags.map(([name, tcpFlags]): PacketKind => {
    return { ipVersion, protocol: TCP, tcpFlags, isFragment: false, hasPorts: true, countsAs: [version, "tcp", name] };
  });
  const icmp = ipVersion === 4 ? ICMP : ICMPV6;
  const protocols = [
    [TCP, "tcp"],
    [UDP, "udp"],
    [icmp, "icmp"],
    [SCTP, "otherProtocol"],
    [undefined, "otherProtocol"],
  ] as const;
  const whole = protocols.slice(1).map(([protocol, name]): PacketKind => {
    const hasPorts = protocol === UDP || protocol === SCTP;
    return { ipVersion, protocol, isFragment: false, hasPorts, countsAs: [version, name] };
  });
  const fragments = protocols.map(([protocol, name]): PacketKind => {
    return { ipVersion, protocol, isFragment: true, hasPorts: false, countsAs: [version, name, "fragments"] };
  });
  return [...segments, ...whole, ...fragments];
}

export const PACKET_KINDS: readonly PacketKind[] = [...kindsOf(4), ...kindsOf(6), NO_IP];
