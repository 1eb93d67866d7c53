/** How many packets of each interface are in a pcapng file, also where the end of what was laid out went into the next one. */

const INTERFACE_ID = 8;
const TRAILER_LENGTH = 4;

/** Goes with a format through all its files. */
export class PacketCounts {
  /** Packets that were laid out, by interface id: packBlocks() adds to them. Those of former files are taken away. */
  readonly counts: Uint32Array;
  /** The packets that were laid out last. */
  blocks: Uint8Array = new Uint8Array(0);

  constructor(interfaces: number) {
    this.counts = new Uint32Array(interfaces);
  }

  /** Ends a file that has so many packets. @returns those of each interface */
  endFile(written: number): Uint32Array {
    const { counts } = this;
    const laidOut = counts.reduce((sum, count) => sum + count, 0);
    const left = countsOfLast(this.blocks, laidOut - written, counts.length);
    const ended = counts.map((count, id) => count - (left[id] ?? 0));
    counts.set(left);
    return ended;
  }
}

/** @param blocks whole ones, little-endian @param packets how many to count, from the last one back */
function countsOfLast(blocks: Uint8Array, packets: number, interfaces: number): Uint32Array {
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
