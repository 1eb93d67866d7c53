/** A packet that is made up, before it is written into bytes. Addresses have 32 bits; of IPv6 they are parts of longer ones. */
export interface TrafficPacket {
  /** Seconds from the beginning of the scene. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** IP protocol. */
  readonly protocol: number;
  readonly fromPort: number;
  readonly toPort: number;
  /** Bytes behind the transport header; of other protocols, behind the IP header. */
  readonly payload: number;
  readonly ttl?: number;
  readonly ipId?: number;
  /** Of TCP: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
  readonly flags?: number;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly window?: number;
  readonly options?: readonly number[];
  /** Of ICMP: those of IPv4; they are written as those of ICMPv6 that mean the same. */
  readonly icmpType?: number;
  /** A fragment has no transport header unless its offset is 0. Bytes. */
  readonly fragment?: { readonly offset: number; readonly more: boolean };
}

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;
export const URG = 32;

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const GRE = 47;
export const ESP = 50;

export const ECHO_REPLY = 0;
export const UNREACHABLE = 3;
export const ECHO_REQUEST = 8;
export const TIME_EXCEEDED = 11;

export function udp(
  at: number,
  from: number,
  fromPort: number,
  to: number,
  toPort: number,
  payload: number,
  ttl = 64,
): TrafficPacket {
  return { at, from, to, protocol: UDP, fromPort, toPort, payload, ttl };
}

export function icmp(at: number, from: number, to: number, icmpType: number, payload: number, ttl = 64): TrafficPacket {
  return { at, from, to, protocol: ICMP, fromPort: 0, toPort: 0, icmpType, payload, ttl };
}

/** What belongs to one end of a TCP packet. */
export interface TcpEnds {
  readonly from: number;
  readonly fromPort: number;
  readonly to: number;
  readonly toPort: number;
}

export function tcp(
  at: number,
  ends: TcpEnds,
  flags: number,
  more: Omit<Partial<TrafficPacket>, "at" | "flags"> = {},
): TrafficPacket {
  return { at, ...ends, protocol: TCP, flags, payload: 0, ttl: 64, window: 502, ...more };
}
