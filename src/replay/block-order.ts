/** Puts the blocks of a pcapng file between the packets that matched, part by part of what the parser read at once. */
import type { FileBlocks } from "../packets/file-blocks.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { CaptureBatch, CaptureBlock, CaptureCursor, PacketCaptureBlock } from "../pcap-parser/index.ts";

export class BlockOrder {
  readonly #blocks: readonly CaptureBlock[];
  readonly #packet: CaptureCursor;
  #nextBlock = 0;

  constructor(parsed: CaptureBatch) {
    this.#blocks = parsed.blocks;
    this.#packet = parsed.cursor();
  }

  /** @param batch of packets that matched, behind those of the calls before @param isLast whether no others of the part follow */
  blocksOf(batch: PacketBatch, linkType: number, isLast: boolean): FileBlocks {
    return { linkType, [Symbol.iterator]: () => this.#upTo(batch, isLast) };
  }

  *#upTo(batch: PacketBatch, isLast: boolean): Generator<CaptureBlock | PacketCaptureBlock> {
    const matched = batch.cursor();
    while (matched.next()) {
      while (this.#packet.number < matched.number && this.#packet.next());
      yield* this.#blocksBefore(matched.number);
      const { block } = this.#packet;
      if (block === undefined) throw new Error("a packet of a pcapng file has no block");
      yield block;
    }
    if (isLast) yield* this.#blocksBefore(Number.POSITIVE_INFINITY);
  }

  *#blocksBefore(number: number): Generator<CaptureBlock> {
    for (;;) {
      const block = this.#blocks[this.#nextBlock];
      if (block === undefined || block.raw.packetsBefore >= number) return;
      this.#nextBlock++;
      yield block;
    }
  }
}
