/** UDP (RFC 768). */
import { type DecodedLayer, malformed, shortfall } from "./problem.ts";
import { uint16 } from "./read.ts";

const HEADER_LENGTH = 8;
const LARGEST_LENGTH = 65_535;

export interface UdpHeader {
  readonly offset: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Header and payload in bytes, as stated; 0 in a jumbogram. */
  readonly length: number;
  readonly checksum: number;
}

/**
 * The UDP header at `offset`.
 *
 * @param isFragment the datagram goes on in other packets, so that its length may exceed this one's.
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
  // RFC 2675: in a packet above 65,535 bytes the length is 0. One whose IP length is not known is such a packet.
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
