/** Packets as they come out of the rings: many in one buffer, read in place. */

import { BATCH_RECORD, PACKET_DIRECTION_OUT } from "../generated/layouts.ts";
import { packRecords } from "../libbpf/packet-drain.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";

export interface CapturedPacket {
  /** Nanoseconds since the epoch. */
  timestamp: bigint;
  interfaceIndex: number;
  direction: "in" | "out";
  /** Bytes on the wire. */
  originalLength: number;
  /** The captured bytes: a view, valid until the next batch is asked for. */
  data: Uint8Array;
}

/** Bytes of a batch at most: room for the largest record, and for some thousand small ones. */
export const BATCH_SIZE = 1 << 19;

/** Offsets in words of four bytes. */
const SECONDS = BATCH_RECORD.seconds / 4;
const NANOSECONDS = BATCH_RECORD.nanoseconds / 4;
const CAPTURED_LENGTH = BATCH_RECORD.capturedLength / 4;
const ORIGINAL_LENGTH = BATCH_RECORD.originalLength / 4;
const INTERFACE_INDEX = BATCH_RECORD.interfaceIndex / 4;
const DIRECTION = BATCH_RECORD.direction / 4;

/**
 * Steps through a batch without making an object a packet. After next() returned true the fields describe a packet
 * whose bytes start at `start` of `bytes`.
 */
export class PacketCursor {
  readonly bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #count: number;
  #index = 0;
  #next = 0;
  seconds = 0;
  nanoseconds = 0;
  capturedLength = 0;
  originalLength = 0;
  interfaceIndex = 0;
  direction = 0;
  start = 0;

  constructor(bytes: Uint8Array, words: Uint32Array, count: number) {
    this.bytes = bytes;
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

export class PacketBatch implements Iterable<CapturedPacket> {
  /** Packets in the batch. */
  readonly count: number;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;

  constructor(bytes: Uint8Array, words: Uint32Array, count: number) {
    this.#bytes = bytes;
    this.#words = words;
    this.count = count;
  }

  cursor(): PacketCursor {
    return new PacketCursor(this.#bytes, this.#words, this.count);
  }

  /**
   * The packets as the records of a little-endian pcap file (draft-ietf-opsawg-pcap section 5), in place of `output`.
   *
   * @param output BATCH_SIZE bytes
   * @returns a view on what was filled of it
   */
  pack(output: Uint8Array, precision: TimeStampPrecision): Uint8Array {
    return output.subarray(0, packRecords(this.#bytes, this.count, output, precision === "nano" ? 1 : 1000));
  }

  *[Symbol.iterator](): Iterator<CapturedPacket> {
    const cursor = this.cursor();
    while (cursor.next()) {
      yield {
        timestamp: BigInt(cursor.seconds) * 1_000_000_000n + BigInt(cursor.nanoseconds),
        interfaceIndex: cursor.interfaceIndex,
        direction: cursor.direction === PACKET_DIRECTION_OUT ? "out" : "in",
        originalLength: cursor.originalLength,
        data: this.#bytes.subarray(cursor.start, cursor.start + cursor.capturedLength),
      };
    }
  }
}
