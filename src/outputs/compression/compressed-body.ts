/** A capture file that is compressed on its way: in pieces, each of which can be read without those behind it. */
import type { RingcapError } from "../../errors.ts";
import { outputError } from "../../pcap-writer/index.ts";
import { RecordFile } from "../../pcap-writer/record-file.ts";
import type { FileBody } from "../file-body.ts";
import type { Compressor } from "./compressor.ts";

/** Bytes that are compressed at once. */
const PIECE_LENGTH = 1 << 20;
/** Pieces on their way; whoever writes waits for the oldest then. */
const MOST_PIECES = 4;
/** Packets wait no longer for others to be compressed with. */
const LONGEST_WAIT_MILLISECONDS = 1000;
/** What is left of a piece that was not written in whole. */
const NOTHING = () => ({ records: 0, bytes: 0 });

export class CompressedBody implements FileBody {
  readonly #name: string;
  readonly #compressor: Compressor;
  readonly #file: RecordFile;
  #piece: Buffer = Buffer.alloc(0);
  #length = 0;
  #packets = 0;
  #timer: NodeJS.Timeout | undefined;
  #onTheirWay = 0;
  /** The pieces, one after the other. Never rejects. */
  #chain = Promise.resolve();
  #failure: RingcapError | undefined;
  #told = false;

  /** Takes over the descriptor, and writes the header. @throws RingcapError OUTPUT; the descriptor stays open */
  constructor(fd: number, name: string, header: Uint8Array, compressor: Compressor) {
    this.#name = name;
    this.#compressor = compressor;
    this.#file = new RecordFile(fd, name, compressor.compressAtOnce(header), NOTHING);
  }

  get packets(): number {
    return this.#file.packets;
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  get refusal(): RingcapError | undefined {
    return this.#failure ?? this.#file.refusal;
  }

  write(records: Uint8Array, packets: number): void | Promise<void> {
    this.#throwFailure();
    if (this.#length + records.length > this.#piece.length) this.#send();
    if (this.#length === 0) {
      this.#piece = Buffer.allocUnsafeSlow(Math.max(PIECE_LENGTH, records.length));
      this.#timer = setTimeout(() => this.#send(), LONGEST_WAIT_MILLISECONDS);
    }
    this.#piece.set(records, this.#length);
    this.#length += records.length;
    this.#packets += packets;
    if (this.#onTheirWay >= MOST_PIECES) return this.#chain.then(() => this.#throwFailure());
  }

  #throwFailure(): void {
    const { refusal } = this;
    if (refusal === undefined) return;
    this.#told = true;
    throw refusal;
  }

  /** Has what was taken so far compressed, and written in its turn. */
  #send(): void {
    clearTimeout(this.#timer);
    if (this.#length === 0) return;
    const packets = this.#packets;
    const compressed = this.#compressor.compress(this.#piece.subarray(0, this.#length));
    // It is waited for in its turn, which may come later than its failure.
    compressed.catch(() => {});
    this.#piece = Buffer.alloc(0);
    this.#length = 0;
    this.#packets = 0;
    this.#onTheirWay++;
    this.#chain = this.#chain.then(() => this.#put(compressed, packets));
  }

  async #put(compressed: Promise<Uint8Array>, packets: number): Promise<void> {
    try {
      const bytes = await compressed;
      if (this.#failure === undefined) this.#file.write(bytes, packets);
    } catch (error) {
      this.#failure ??= this.#file.refusal ?? outputError(this.#name, error);
    } finally {
      this.#onTheirWay--;
    }
  }

  async #drain(): Promise<void> {
    this.#send();
    await this.#chain;
  }

  async sync(): Promise<void> {
    await this.#drain();
    this.#throwFailure();
    this.#file.sync();
  }

  async settle(): Promise<void> {
    await this.#drain();
    await this.#file.settle();
    if (this.#failure !== undefined && !this.#told) this.#throwFailure();
  }

  release(): void {
    clearTimeout(this.#timer);
    this.#file.release();
  }

  async close(): Promise<void> {
    try {
      await this.settle();
    } finally {
      this.release();
    }
  }
}
