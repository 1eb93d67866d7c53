/** The part of the input that is in memory: the bytes that were pushed and are not decoded yet. */

const EMPTY = new Uint8Array(0);

export class ByteWindow {
  /** The bytes from `begin` to `end` are there to be decoded. */
  bytes: Uint8Array = EMPTY;
  view: DataView = new DataView(EMPTY.buffer);
  begin = 0;
  end = 0;
  /** Whether `bytes` is memory of this object. Otherwise it is a chunk of the caller. */
  #own = false;
  /** Offset in the input of the first byte of `bytes`. */
  #base = 0;

  get available(): number {
    return this.end - this.begin;
  }

  /** Returns the offset in the input of the byte at an index of `bytes`. */
  offsetOf(index: number): number {
    return this.#base + index;
  }

  /**
   * Adds bytes. They are used in place when nothing is left over, and copied behind the rest otherwise. The memory
   * grows by doubling with the bytes that are there, and never with the length that a field of the file states.
   */
  push(chunk: Uint8Array): void {
    const left = this.available;
    if (left === 0) {
      this.#base += this.end;
      this.#use(chunk, false);
      this.begin = 0;
      this.end = chunk.length;
      return;
    }
    const needed = left + chunk.length;
    const base = this.#base + this.begin;
    if (this.#own && this.bytes.length - this.end >= chunk.length) {
      this.bytes.set(chunk, this.end);
      this.end += chunk.length;
      return;
    }
    if (this.#own && this.bytes.length >= needed) {
      this.bytes.copyWithin(0, this.begin, this.end);
    } else {
      const grown = new Uint8Array(Math.max(needed + (needed >>> 2), 2 * left));
      grown.set(this.bytes.subarray(this.begin, this.end));
      this.#use(grown, true);
    }
    this.#base = base;
    this.bytes.set(chunk, left);
    this.begin = 0;
    this.end = needed;
  }

  /**
   * Copies `bytes` into memory of this object, which may be changed, if they are the caller's. Indexes and offsets keep
   * their meaning.
   */
  own(): void {
    if (!this.#own) this.#use(new Uint8Array(this.bytes), true);
  }

  #use(bytes: Uint8Array, own: boolean): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#own = own;
  }
}
