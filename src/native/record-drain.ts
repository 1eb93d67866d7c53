/** Empties a ring buffer of records of any kind into a buffer of the caller. */
import { addon, type NativeRecordDrain } from "./addon.ts";
import type { BpfMap } from "./map.ts";

/** Bytes before each record: its length in four bytes, in this machine's order, and four bytes of 0. */
const HEADER_SIZE = 8;

export class RecordDrain implements Disposable {
  readonly #drain: NativeRecordDrain;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /** @param size bytes to take at once, a multiple of eight with room for the largest record and 8 bytes */
  constructor(ring: BpfMap, size: number) {
    this.#drain = new (addon().RecordDrain)(ring.descriptor);
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /**
   * Takes what lies in the ring, as much as fits, and calls back for each record. The view is of all that was taken;
   * the record lies at `offset`, and is valid during the call.
   *
   * @returns whether records were left for want of room
   */
  drain(onRecord: (view: DataView, offset: number, length: number) => void): boolean {
    const { records, full } = this.#drain.drain(this.#bytes);
    let offset = 0;
    for (let i = 0; i < records; i++) {
      const length = this.#view.getUint32(offset, true);
      onRecord(this.#view, offset + HEADER_SIZE, length);
      offset += HEADER_SIZE + Math.ceil(length / 8) * 8;
    }
    return full;
  }

  close(): void {
    this.#drain.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
