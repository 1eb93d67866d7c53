/** Segments whose checksum the kernel left to the network card (CHECKSUM_PARTIAL of include/linux/skbuff.h). */
import { concatenate, internetChecksum, u32, withU16 } from "./bytes.ts";
import type { AddressPair, Segment } from "./segment.ts";

/** Bytes from the start of a segment to its checksum, by protocol number: TCP, UDP, DCCP, ICMPv6, UDP-Lite. */
const checksumOffsets: Readonly<Record<number, number>> = { 6: 16, 17: 6, 33: 6, 58: 2, 136: 6 };

/** The segment with nothing but the sum of its pseudo header in the field of its checksum. */
export function leftToCard({ protocol, build }: Segment): Segment {
  return {
    protocol,
    build: (addresses) => {
      const bytes = build(addresses);
      const partial = ~internetChecksum(pseudoHeader(protocol, addresses, bytes.length)) & 0xffff;
      return withU16(bytes, offsetOf(protocol), partial);
    },
  };
}

/** The segment with the checksum that RFC 1071 says, also beyond 65,535 bytes, whose length takes 32 bits. */
export function withChecksum({ protocol, build }: Segment): Segment {
  return {
    protocol,
    build: (addresses) => {
      const bytes = withU16(build(addresses), offsetOf(protocol), 0);
      const covered = concatenate(pseudoHeader(protocol, addresses, bytes.length), bytes);
      return withU16(bytes, offsetOf(protocol), internetChecksum(covered));
    },
  };
}

function pseudoHeader(protocol: number, { source, destination }: AddressPair, length: number): Uint8Array {
  return concatenate(source, destination, u32(length), [0, 0, 0, protocol]);
}

function offsetOf(protocol: number): number {
  const offset = checksumOffsets[protocol];
  if (offset === undefined) throw new Error(`the checksum of protocol ${protocol} has no pseudo header`);
  return offset;
}
