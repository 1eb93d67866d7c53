/** Packets of a capture file in the layout of native/batch_record.h, as both engines read them. */
import { BATCH_SIZE } from "../capture/packet-batch.ts";
import type { ByteOrder } from "../filter/expression.ts";
import { BATCH_RECORD } from "../generated/layouts.ts";
import type { CaptureCursor } from "../pcap-parser/index.ts";

export interface InputBatch {
  /** Records, each padded to eight bytes. Valid until the next batch is asked for; may be written to. */
  bytes: Uint8Array;
  /** The same memory. */
  words: Uint32Array;
  /** Packets. */
  count: number;
  /** Of the section of the file that all of them are from. */
  byteOrder: ByteOrder;
}

/** Offsets in words of four bytes. */
const SECONDS = BATCH_RECORD.seconds / 4;
const NANOSECONDS = BATCH_RECORD.nanoseconds / 4;
const CAPTURED_LENGTH = BATCH_RECORD.capturedLength / 4;
const ORIGINAL_LENGTH = BATCH_RECORD.originalLength / 4;
const INTERFACE_INDEX = BATCH_RECORD.interfaceIndex / 4;
const DIRECTION = BATCH_RECORD.direction / 4;

/** From so many bytes on a native copy is quicker. */
const NATIVE_COPY_LENGTH = 256;

/** Lays packets into one batch, again and again, without an object for each. */
export class InputBatchBuilder {
  readonly batch: InputBatch;
  #length = 0;
  #source: Uint8Array | undefined;
  #sourceView: DataView = new DataView(new ArrayBuffer(0));

  constructor() {
    const bytes = new Uint8Array(BATCH_SIZE);
    this.batch = { bytes, words: new Uint32Array(bytes.buffer), count: 0, byteOrder: "little" };
  }

  /** Bytes of the batch that are filled. */
  get length(): number {
    return this.#length;
  }

  /** Whether a packet of that many captured bytes has room; in an empty batch every packet has. */
  fits(capturedLength: number): boolean {
    return this.#length + BATCH_RECORD.size + ((capturedLength + 7) & ~7) <= BATCH_SIZE;
  }

  /** Adds the packet that the cursor is at, or its first bytes. It must fit and have a time of 32 bits of seconds. */
  add(packet: CaptureCursor, capturedLength = packet.capturedLength): void {
    const { words } = this.batch;
    const record = this.#length >>> 2;
    words[record + SECONDS] = packet.seconds;
    words[record + NANOSECONDS] = packet.nanoseconds;
    words[record + CAPTURED_LENGTH] = capturedLength;
    words[record + ORIGINAL_LENGTH] = packet.originalLength;
    words[record + INTERFACE_INDEX] = 0;
    words[record + DIRECTION] = 0;
    this.#copy(packet.bytes, packet.start, capturedLength);
    this.#length += BATCH_RECORD.size + ((capturedLength + 7) & ~7);
    this.batch.count++;
  }

  /** Starts anew. */
  clear(): void {
    this.#length = 0;
    this.batch.count = 0;
  }

  #copy(source: Uint8Array, start: number, length: number): void {
    const { bytes, words } = this.batch;
    const to = this.#length + BATCH_RECORD.size;
    if (length >= NATIVE_COPY_LENGTH) {
      bytes.set(source.subarray(start, start + length), to);
      return;
    }
    if (this.#source !== source) {
      this.#source = source;
      this.#sourceView = new DataView(source.buffer, source.byteOffset, source.byteLength);
    }
    const from = this.#sourceView;
    const whole = length & ~3;
    for (let i = 0; i < whole; i += 4) words[(to + i) >>> 2] = from.getUint32(start + i, true);
    for (let i = whole; i < length; i++) bytes[to + i] = from.getUint8(start + i);
  }
}
