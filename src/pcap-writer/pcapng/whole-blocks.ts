/** Counts the whole blocks in a file whose end was cut off: draft-ietf-opsawg-pcapng, section 3.1. */
import type { ByteOrder } from "./block-bytes.ts";

const PACKET_TYPES: readonly number[] = [2, 3, 6];
const TYPE_AND_LENGTH = 8;

/**
 * Counts the packets in the whole blocks among the first `limit` bytes of blocks of one byte order, and the bytes up to
 * the end of the last of these blocks. It serves files that a full disk cut off.
 */
export function wholeBlocks(
  blocks: Uint8Array,
  limit: number,
  byteOrder: ByteOrder = "little-endian",
): { packets: number; bytes: number } {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  const littleEndian = byteOrder === "little-endian";
  let packets = 0;
  let bytes = 0;
  while (bytes + TYPE_AND_LENGTH <= limit) {
    const end = bytes + view.getUint32(bytes + 4, littleEndian);
    if (end > limit) break;
    if (PACKET_TYPES.includes(view.getUint32(bytes, littleEndian))) packets++;
    bytes = end;
  }
  return { packets, bytes };
}
