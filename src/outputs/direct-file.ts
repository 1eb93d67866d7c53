/**
 * A capture file that is written without the page cache while packets come faster than user space can copy them there.
 *
 * Records are gathered in blocks. While a thread writes one block to the disk directly, the next one is filled. What
 * does not fill a block, or does not begin where a page of the file begins, goes through the page cache. So does
 * everything where packets come slowly, and where the disk falls behind: the page cache holds more than a disk takes
 * in a second.
 */
import type { RingcapError } from "../errors.ts";
import type { RecordFile } from "../pcap-writer/record-file.ts";
import { BLOCK_ALIGNMENT, BLOCK_LENGTH, DirectBlocks, type Piece, pieceOf } from "./direct-blocks.ts";
import type { FileBody } from "./file-body.ts";

/** A batch of so many bytes may be the beginning of a flood. */
const FLOOD_BATCH = 1 << 18;
/** A flood is over when less than a block came within this time. */
const LOOK_MILLISECONDS = 50;
const NOTHING = new Uint8Array(0);

export class DirectFile implements FileBody {
  readonly #file: RecordFile;
  readonly #blocks: DirectBlocks;
  /** What the next records go into while a flood lasts. */
  #current: Piece | undefined;
  #blocksSinceLook = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param fd of the file, which nobody else has */
  constructor(file: RecordFile, fd: number) {
    this.#file = file;
    this.#blocks = new DirectBlocks(file, fd);
  }

  get packets(): number {
    return this.#file.packets;
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  get refusal(): RingcapError | undefined {
    return this.#file.refusal;
  }

  write(records: Uint8Array, packets: number): void | Promise<void> {
    this.#blocks.throwFailure();
    // A batch reaches into two pieces at most.
    const fits = records.length <= BLOCK_LENGTH;
    if (!fits) this.#end();
    if (this.#current === undefined && this.#blocks.isWriting) {
      return this.#blocks.drain().then(() => this.write(records, packets));
    }
    if (this.#current === undefined && fits && records.length >= FLOOD_BATCH) this.#current = this.#begin();
    if (this.#current === undefined) return this.#file.write(records, packets);
    return this.#gather(this.#current, records, packets);
  }

  /** The first piece of a flood. It reaches to where a block may begin. */
  #begin(): Piece | undefined {
    if (!this.#blocks.isUsable()) return undefined;
    this.#blocksSinceLook = 1;
    this.#timer = setInterval(() => this.#look(), LOOK_MILLISECONDS).unref();
    const gap = -this.#file.bytes & (BLOCK_ALIGNMENT - 1);
    return pieceOf(new Uint8Array(gap), NOTHING);
  }

  #look(): void {
    if (this.#blocksSinceLook === 0 && this.#current !== undefined) this.#end();
    this.#blocksSinceLook = 0;
  }

  /** Ends gathering, and has what was gathered written. */
  #end(): void {
    clearInterval(this.#timer);
    if (this.#current !== undefined) this.#blocks.send(this.#current);
    this.#current = undefined;
  }

  #gather(into: Piece, records: Uint8Array, packets: number): void | Promise<void> {
    const length = Math.min(records.length, into.bytes.length - into.used);
    into.bytes.set(records.subarray(0, length), into.used);
    into.used += length;
    if (length === records.length) {
      into.packets += packets;
      return;
    }
    this.#current = undefined;
    this.#blocks.send(into);
    this.#blocksSinceLook++;
    const before = into.bytes.subarray(into.used - length, into.used);
    const rest = records.subarray(length);
    const block = this.#blocks.take(before);
    if (block === undefined) return this.#gatherLater(rest, before, packets);
    this.#current = block;
    return this.#gather(block, rest, packets);
  }

  async #gatherLater(rest: Uint8Array, before: Uint8Array, packets: number): Promise<void> {
    await this.#blocks.wait();
    const block = this.#blocks.take(before);
    this.#current = block ?? pieceOf(rest, before);
    this.#gather(this.#current, rest, packets);
    if (block !== undefined) return;
    // The disk has fallen behind.
    this.#end();
    await this.#blocks.drain();
  }

  get #isSettled(): boolean {
    return this.#current === undefined && !this.#blocks.isWriting && !this.#blocks.hasFailed;
  }

  async #drain(): Promise<void> {
    this.#end();
    await this.#blocks.drain();
  }

  sync(): void | Promise<void> {
    if (this.#isSettled) return this.#file.sync();
    return this.#drain().then(() => this.#file.sync());
  }

  async settle(): Promise<void> {
    try {
      await this.#drain();
    } finally {
      await this.#file.settle();
    }
  }

  release(): void {
    clearInterval(this.#timer);
    this.#file.release();
  }

  close(): void | Promise<void> {
    if (this.#isSettled) return this.#file.close();
    return this.#drain().finally(() => this.#file.close());
  }
}
