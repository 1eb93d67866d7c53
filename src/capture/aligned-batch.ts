/** Packets with all that is known of each: struct batch_record of native/batch_record.h, padded to eight bytes. */
import { BATCH_RECORD } from "../generated/layouts.ts";
import { packRecords } from "../libbpf/packet-drain.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { PacketBatch, PacketCursor } from "./packet-batch.ts";

/** Offsets in words of four bytes. */
const SECONDS = BATCH_RECORD.seconds / 4;
const NANOSECONDS = BATCH_RECORD.nanoseconds / 4;
const CAPTURED_LENGTH = BATCH_RECORD.capturedLength / 4;
const ORIGINAL_LENGTH = BATCH_RECORD.originalLength / 4;
const INTERFACE_INDEX = BATCH_RECORD.interfaceIndex / 4;
const DIRECTION = BATCH_RECORD.direction / 4;

class AlignedCursor extends PacketCursor {
  readonly #words: Uint32Array;
  readonly #count: number;
  #index = 0;
  #next = 0;

  constructor(bytes: Uint8Array, words: Uint32Array, count: number) {
    super(bytes);
    this.#words = words;
    this.#count = count;
  }

  next(): boolean {
    if (this.#index === this.#count) return false;
    const words = this.#words;
    const record = this.#next >>> 2;
    this.seconds = words[record + SECONDS] ?? 0;
    this.nanoseconds = words[record + NANOSECONDS] ?? 0;
    this.capturedLength = words[record + CAPTURED_LENGTH] ?? 0;
    this.originalLength = words[record + ORIGINAL_LENGTH] ?? 0;
    this.interfaceIndex = words[record + INTERFACE_INDEX] ?? 0;
    this.direction = words[record + DIRECTION] ?? 0;
    this.start = this.#next + BATCH_RECORD.size;
    this.#next = this.start + ((this.capturedLength + 7) & ~7);
    this.#index++;
    return true;
  }
}

export class AlignedBatch extends PacketBatch {
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;

  /** @param words the same memory as `bytes` */
  constructor(bytes: Uint8Array, words: Uint32Array, count: number) {
    super(count);
    this.#bytes = bytes;
    this.#words = words;
  }

  cursor(): PacketCursor {
    return new AlignedCursor(this.#bytes, this.#words, this.count);
  }

  pack(output: Uint8Array, precision: TimeStampPrecision): Uint8Array {
    return output.subarray(0, packRecords(this.#bytes, this.count, output, precision === "nano" ? 1 : 1000));
  }
}
