/** UDP (RFC 768). */
import { type DecodedLayer, malformed, shortfall } from "./problem.ts";
import { uint16 } from "./read.ts";

const HEADER_LENGTH = 8;
const LARGEST_LENGTH = 65_535;

/**
 * The header of UDP (RFC 768). `offset` is where it begins, in bytes within the packet; `sourcePort`, `destinationPort`
 * and `checksum` are as they were sent.
 */
export interface UdpHeader {
  readonly offset: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Bytes of header and payload as the header states them; 0 in a jumbogram (RFC 2675). */
  readonly length: number;
  readonly checksum: number;
}

/**
 * Decodes the UDP header at `offset`.
 *
 * @param isFragment whether the datagram goes on in other packets, so that its length may exceed the length of this
 *   packet
 */
export function decodeUdp(
  bytes: Uint8Array,
  offset: number,
  end = Number.POSITIVE_INFINITY,
  isFragment = false,
): DecodedLayer<UdpHeader> {
  const short = shortfall("udp", bytes, offset, HEADER_LENGTH, end);
  if (short !== undefined) return { header: undefined, next: offset, problem: short };

  const length = uint16(bytes, offset + 4);
  // RFC 2675: the length of a datagram above 65,535 bytes is 0. Where the length of the IP packet is not known, a
  // length of 0 is taken for that.
  const isJumbo = length === 0 && end - offset > LARGEST_LENGTH;
  const isLengthBad = !isJumbo && (length < HEADER_LENGTH || (!isFragment && offset + length > end));
  const header = {
    offset,
    sourcePort: uint16(bytes, offset),
    destinationPort: uint16(bytes, offset + 2),
    length,
    checksum: uint16(bytes, offset + 6),
  };
  return {
    header,
    next: offset + HEADER_LENGTH,
    problem: isLengthBad ? malformed("udp", offset + 4) : undefined,
  };
}
