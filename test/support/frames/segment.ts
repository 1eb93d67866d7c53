/**
 * What IP carries. The checksum of TCP, UDP and ICMPv6 covers the addresses of the IP header around them, so a builder of
 * theirs does not return bytes but what makes them once the addresses are known.
 */
import { type Bytes, concatenate, internetChecksum, u16, u32, withU16 } from "./bytes.ts";

export const protocols = {
  hopByHop: 0,
  icmp: 1,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  routing: 43,
  fragment: 44,
  encapsulatingSecurityPayload: 50,
  authentication: 51,
  icmp6: 58,
  noNextHeader: 59,
  destinationOptions: 60,
  sctp: 132,
} as const;

/** Both 4 bytes long (IPv4) or both 16 (IPv6). */
export interface AddressPair {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

export interface Segment {
  /** IP protocol number. */
  readonly protocol: number;
  readonly build: (addresses: AddressPair) => Uint8Array;
}

/** Bytes under a protocol number, as they are. */
export function raw(protocol: number, bytes: Bytes): Segment {
  return { protocol, build: () => concatenate(bytes) };
}

/** Bytes `start` to `end` of a segment whose checksum covers all of it: a fragment, or a header cut off. */
export function part(segment: Segment, start: number, end?: number): Segment {
  return { protocol: segment.protocol, build: (addresses) => segment.build(addresses).slice(start, end) };
}

/** The bytes with the Internet checksum over pseudo-header (RFC 9293, 3.1; RFC 8200, 8.1) and bytes put at `offset`. */
export function withTransportChecksum(
  protocol: number,
  { source, destination }: AddressPair,
  bytes: Uint8Array,
  offset: number,
): Uint8Array {
  const lengthAndProtocol =
    source.length === 4 ? [0, protocol, ...u16(bytes.length)] : [...u32(bytes.length), 0, 0, 0, protocol];
  const checksum = internetChecksum(concatenate(source, destination, lengthAndProtocol, bytes));
  // RFC 768: zero would say that there is no checksum.
  return withU16(bytes, offset, protocol === protocols.udp && checksum === 0 ? 0xffff : checksum);
}
