/**
 * Counts the packets of each interface in a pcapng file. A rotation may have put the last packets that were laid out
 * into the next file.
 */

const INTERFACE_ID = 8;
const TRAILER_LENGTH = 4;

/** One object counts for all files of a capture, one file after the other. */
export class PacketCounts {
  /**
   * Packets that were laid out, by interface id. packBlocks() adds to them, and endFile() subtracts those of the file
   * that ended.
   */
  readonly counts: Uint32Array;
  /** The blocks that were laid out last. */
  blocks: Uint8Array = new Uint8Array(0);

  constructor(interfaces: number) {
    this.counts = new Uint32Array(interfaces);
  }

  /** Ends a file. @param written packets in the file @returns how many of them each interface has */
  endFile(written: number): Uint32Array {
    const { counts } = this;
    const laidOut = counts.reduce((sum, count) => sum + count, 0);
    const left = countsOfLast(this.blocks, laidOut - written, counts.length);
    const ended = counts.map((count, id) => count - (left[id] ?? 0));
    counts.set(left);
    return ended;
  }
}

/**
 * Counts the last packets of blocks by interface.
 *
 * @param blocks whole blocks, little-endian
 * @param packets the number of packets to count, from the last one back
 */
export function countsOfLast(blocks: Uint8Array, packets: number, interfaces: number): Uint32Array {
  if (interfaces === 1) return Uint32Array.of(packets);
  const counts = new Uint32Array(interfaces);
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  let end = blocks.length;
  for (let left = packets; left > 0 && end > 0; left--) {
    end -= view.getUint32(end - TRAILER_LENGTH, true);
    const id = view.getUint32(end + INTERFACE_ID, true);
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}
