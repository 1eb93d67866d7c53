/** The checksum of the internet (RFC 1071), as lines with -v judge it. */
import type { Line } from "./line.ts";

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}

/**
 * Returns the sum of 16-bit words, which is not complemented. It is 0xffff over bytes that contain their correct
 * checksum.
 */
export function sumOf(bytes: Uint8Array, start: number, end: number, initial = 0): number {
  let sum = initial;
  for (let at = start; at < end; at += 2) sum += ((bytes[at] ?? 0) << 8) | (at + 1 < end ? (bytes[at + 1] ?? 0) : 0);
  return fold(sum);
}

/** Returns the correct value of a checksum field that holds `found`, from the sum over all bytes with that field. */
export function rightChecksum(found: number, sum: number): number {
  return fold(found + (~sum & 0xffff));
}

/** The IP header from which the pseudo header of an upper protocol takes its addresses. */
export interface Carrier {
  readonly version: 4 | 6;
  readonly at: number;
  readonly finalDestination?: number;
}

/** Returns the sum over the pseudo header (RFC 793 and 8200) and `length` bytes from `at` on. */
export function sumWithPseudoHeader(
  line: Line,
  carrier: Carrier,
  protocol: number,
  at: number,
  length: number,
): number {
  const [source, size] = carrier.version === 4 ? [carrier.at + 12, 4] : [carrier.at + 8, 16];
  const destination = carrier.finalDestination ?? source + size;
  const numbers = protocol + (length >>> 16) + (length & 0xffff);
  const pseudo = sumOf(line.bytes, source, source + size, sumOf(line.bytes, destination, destination + size, numbers));
  return sumOf(line.bytes, at, at + length, pseudo);
}
