/**
 * Compresses a capture file while it is written. The file consists of pieces, and each piece can be read without the
 * pieces behind it.
 */
import type { RingcapError } from "../../errors.ts";
import { outputError } from "../../pcap-writer/index.ts";
import { RecordFile } from "../../pcap-writer/record-file.ts";
import type { FileBody } from "../file-body.ts";
import type { Compressor } from "./compressor.ts";

/** Bytes of packets that are compressed as one piece. */
const PIECE_LENGTH = 1 << 20;
/** The most pieces that wait to be compressed or written. A writer waits for them when there are so many. */
const MOST_PIECES = 4;
/** The longest time that packets wait for a piece to fill up. */
const LONGEST_WAIT_MILLISECONDS = 1000;
/** The whole records in a piece that was cut off: there are none, because a reader decompresses whole pieces. */
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
  /** Bytes of these pieces before they are compressed. */
  #bytesOnTheirWay = 0;
  /** The writing of all pieces, one after the other. The promise never rejects. */
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

  get bytesPending(): number {
    return this.#length + this.#bytesOnTheirWay;
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

  /** Starts to compress the piece that was filled, and writes it after the pieces before it. */
  #send(): void {
    clearTimeout(this.#timer);
    if (this.#length === 0) return;
    const [packets, length] = [this.#packets, this.#length];
    const compressed = this.#compressor.compress(this.#piece.subarray(0, length));
    // #put() handles the failure when the turn of the piece comes, which may be after the promise rejected.
    compressed.catch(() => {});
    this.#piece = Buffer.alloc(0);
    this.#length = 0;
    this.#packets = 0;
    this.#onTheirWay++;
    this.#bytesOnTheirWay += length;
    this.#chain = this.#chain.then(async () => {
      await this.#put(compressed, packets);
      this.#onTheirWay--;
      this.#bytesOnTheirWay -= length;
    });
  }

  async #put(compressed: Promise<Uint8Array>, packets: number): Promise<void> {
    try {
      const bytes = await compressed;
      if (this.#failure === undefined) this.#file.write(bytes, packets);
    } catch (error) {
      this.#failure ??= this.#file.refusal ?? outputError(this.#name, error);
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
