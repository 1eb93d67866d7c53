/**
 * Copies short pieces of bytes four bytes at a time, because a call of the native copy costs more than it saves for a
 * packet's headers.
 */

/** From this many bytes on, the native copy is quicker. */
const NATIVE_COPY_LENGTH = 256;

export class ShortCopy {
  readonly #target: Uint8Array;
  readonly #view: DataView;
  #source: Uint8Array | undefined;
  #sourceView: DataView = new DataView(new ArrayBuffer(0));

  /** @param target the array into which all copies go */
  constructor(target: Uint8Array) {
    this.#target = target;
    this.#view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  }

  /** Copies bytes. The source and the target must not overlap. */
  copy(to: number, source: Uint8Array, start: number, length: number): void {
    if (length >= NATIVE_COPY_LENGTH) {
      this.#target.set(source.subarray(start, start + length), to);
      return;
    }
    if (this.#source !== source) {
      this.#source = source;
      this.#sourceView = new DataView(source.buffer, source.byteOffset, source.byteLength);
    }
    const from = this.#sourceView;
    const view = this.#view;
    const words = length & ~3;
    for (let i = 0; i < words; i += 4) view.setUint32(to + i, from.getUint32(start + i, true), true);
    for (let i = words; i < length; i++) view.setUint8(to + i, from.getUint8(start + i));
  }
}
