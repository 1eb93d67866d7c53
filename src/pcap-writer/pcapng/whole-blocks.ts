/** What is left of blocks that were not written in whole: draft-ietf-opsawg-pcapng, section 3.1. */
import type { ByteOrder } from "./block-bytes.ts";

const PACKET_TYPES: readonly number[] = [2, 3, 6];
const TYPE_AND_LENGTH = 8;

/**
 * How many packets stand in the whole blocks among the first `limit` bytes of blocks of one byte order, and where the last of
 * these blocks ends: for files that a full disk cut off.
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
