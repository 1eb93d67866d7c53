/** The part of the input that is in memory: what was pushed and is not decoded yet. */

const EMPTY = new Uint8Array(0);

export class ByteWindow {
  /** The bytes from `begin` to `end` are there to be decoded. */
  bytes: Uint8Array = EMPTY;
  view: DataView = new DataView(EMPTY.buffer);
  begin = 0;
  end = 0;
  /** Whether `bytes` is memory of this object, or a chunk of the caller's. */
  #own = false;
  /** Offset in the input of the first byte of `bytes`. */
  #base = 0;

  get available(): number {
    return this.end - this.begin;
  }

  /** Offset in the input of a byte of `bytes`. */
  offsetOf(index: number): number {
    return this.#base + index;
  }

  /**
   * Adds bytes. They are used in place when nothing is left over, and copied behind the rest otherwise; memory grows
   * with what is there, by doubling, never with what a length field claims.
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

  /** Makes the bytes memory of this object, which may be changed, if they are the caller's. Indexes and offsets stay. */
  own(): void {
    if (!this.#own) this.#use(new Uint8Array(this.bytes), true);
  }

  #use(bytes: Uint8Array, own: boolean): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#own = own;
  }
}
