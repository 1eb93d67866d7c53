/** Values that several parts of a report are made of. */

/** The classes that rates are told of. Each packet is in one of them. */
export const PACKET_CLASSES = [
  "syn",
  "synAck",
  "rst",
  "fin",
  "ack",
  "tcpData",
  "tcpOther",
  "udp",
  "icmp",
  "fragment",
  "otherIp",
  "notIp",
] as const;

export type PacketClass = (typeof PACKET_CLASSES)[number];

/** Numbers of packets, and of bytes as they were on the wire. */
export interface Amount {
  packets: number;
  bytes: number;
}

export interface RateMark {
  readonly time: string;
  readonly kind: "trigger" | "ended" | "dropped" | "sampling";
  readonly text: string;
}

/** A number that is exact, or an estimate with its standard error. */
export interface Estimate {
  readonly value: number;
  /** The standard error as a share of the value; 0 where the value is exact. */
  readonly error: number;
}
