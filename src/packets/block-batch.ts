/** A batch of one interface, laid out as the enhanced packet blocks of a pcapng file, as they lie in a ring. */
import { EPB_FLAGS_OUTBOUND, PACKET_BLOCK, PACKET_DIRECTION_IN, PACKET_DIRECTION_OUT } from "../generated/layouts.ts";
import type { BlockInterfaces, BlockOptions, PacketBlocks } from "../native/pack-blocks.ts";
import { PacketBatch, PacketCursor } from "./packet-batch.ts";

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
/** The first option of every block is epb_flags: four bytes in front of its value. */
const OPTION_HEADER = 4;

class BlockCursor extends PacketCursor {
  readonly #view: DataView;
  #left: number;
  #next = 0;

  constructor(bytes: Uint8Array, count: number, interfaceIndex: number) {
    super(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#left = count;
    this.interfaceIndex = interfaceIndex;
  }

  /** Where the block ends that the cursor is at. */
  get end(): number {
    return this.#next;
  }

  next(): boolean {
    if (this.#left === 0) return false;
    const view = this.#view;
    const block = this.#next;
    const high = BigInt(view.getUint32(block + PACKET_BLOCK.timestampHigh, true));
    const time = (high << 32n) | BigInt(view.getUint32(block + PACKET_BLOCK.timestampLow, true));
    this.seconds = Number(time / NANOSECONDS_PER_SECOND);
    this.nanoseconds = Number(time % NANOSECONDS_PER_SECOND);
    this.capturedLength = view.getUint32(block + PACKET_BLOCK.capturedLength, true);
    this.originalLength = view.getUint32(block + PACKET_BLOCK.originalLength, true);
    this.start = block + PACKET_BLOCK.size;
    const options = this.start + ((this.capturedLength + 3) & ~3);
    const flags = view.getUint32(options + OPTION_HEADER, true);
    this.direction = flags === EPB_FLAGS_OUTBOUND ? PACKET_DIRECTION_OUT : PACKET_DIRECTION_IN;
    this.#next = block + view.getUint32(block + PACKET_BLOCK.totalLength, true);
    this.#left--;
    return true;
  }
}

export class BlockBatch extends PacketBatch {
  readonly #bytes: Uint8Array;
  readonly #interfaceIndex: number;

  /** @param bytes the blocks and no more */
  constructor(bytes: Uint8Array, count: number, interfaceIndex: number) {
    super(count);
    this.#bytes = bytes;
    this.#interfaceIndex = interfaceIndex;
  }

  cursor(): PacketCursor {
    return this.#cursor(this.count);
  }

  #cursor(count: number): BlockCursor {
    return new BlockCursor(this.#bytes, count, this.#interfaceIndex);
  }

  pack(): Uint8Array {
    throw new Error("packets that are laid out as blocks are no records");
  }

  /** The batch itself. The unit of time is a nanosecond, and the one interface is the first of the file. */
  override packBlocks(_output: Uint8Array, { counts }: BlockInterfaces, { unit, repair }: BlockOptions): PacketBlocks {
    if (unit !== 1 || repair) throw new Error("packets that are laid out as blocks stay as they are");
    counts[0] = (counts[0] ?? 0) + this.count;
    return { blocks: this.#bytes, completed: 0, cut: 0 };
  }

  /** The first so many packets. */
  first(count: number): BlockBatch {
    if (count === this.count) return this;
    const cursor = this.#cursor(count);
    while (cursor.next());
    return new BlockBatch(this.#bytes.subarray(0, cursor.end), count, this.#interfaceIndex);
  }
}
