/** Reads chunks as a sequence of bytes. Bytes that were read can be given back. */
import type { Chunks } from "../sources.ts";

export class ByteReader {
  readonly #chunks: Chunks;
  #rest: Uint8Array = new Uint8Array(0);
  /** Offset in the input of the next byte. */
  position = 0;

  constructor(chunks: Chunks) {
    this.#chunks = chunks;
  }

  /** Returns at least one byte and at most `most` bytes; undefined at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) return undefined;
      this.#rest = value;
    }
    const bytes = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(bytes.length);
    this.position += bytes.length;
    return bytes;
  }

  /** Returns a copy of the next `length` bytes, or of those that are left where the input ends before. */
  async exactly(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const some = await this.some(length - filled);
      if (some === undefined) break;
      bytes.set(some, filled);
      filled += some.length;
    }
    return bytes.subarray(0, filled);
  }

  /** Takes back bytes that stand at the end of what some() returned last. */
  giveBack(bytes: Uint8Array): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([bytes, this.#rest]);
    this.position -= bytes.length;
  }
}
