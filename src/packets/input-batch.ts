/** A batch of packets of a capture file in the layout of native/batch_record.h, which both engines read. */

import { BATCH_RECORD, PACKET_QUEUE_UNKNOWN } from "../generated/layouts.ts";
import type { ByteOrder } from "../packets/byte-order.ts";
import type { CaptureCursor } from "../pcap-parser/index.ts";
import { ShortCopy } from "../pcap-writer/short-copy.ts";
import type { FileBlocks } from "./file-blocks.ts";
import { BATCH_SIZE, type PacketBatch } from "./packet-batch.ts";

export interface InputBatch {
  /** LINKTYPE_ number of all of them. */
  linkType: number;
  /** Records, each padded to eight bytes. Valid until the next batch is asked for; may be written to. */
  bytes: Uint8Array;
  /** The same memory. */
  words: Uint32Array;
  /** Packets. */
  count: number;
  /** The byte order of the section of the file that all packets are from. */
  byteOrder: ByteOrder;
  /**
   * Finds the blocks of the file around those of its packets that matched, where the sink takes them. With `isEnough` none behind
   * the last of these packets.
   */
  blocksOf: ((matched: PacketBatch, isEnough: boolean) => FileBlocks) | undefined;
}

/** A packet that a cursor of a file or of a batch is at. */
type BatchPacket = Pick<
  CaptureCursor,
  "seconds" | "nanoseconds" | "capturedLength" | "originalLength" | "number" | "bytes" | "start"
>;

/** Offsets in words of four bytes. */
const SECONDS = BATCH_RECORD.seconds / 4;
const NANOSECONDS = BATCH_RECORD.nanoseconds / 4;
const CAPTURED_LENGTH = BATCH_RECORD.capturedLength / 4;
const ORIGINAL_LENGTH = BATCH_RECORD.originalLength / 4;
const INTERFACE_INDEX = BATCH_RECORD.interfaceIndex / 4;
const DIRECTION = BATCH_RECORD.direction / 4;
const IS_DROPPED = BATCH_RECORD.isDropped / 4;
const QUEUE = BATCH_RECORD.queue / 4;
const LOST = BATCH_RECORD.lost / 4;
const NUMBER = BATCH_RECORD.number / 4;

/** Lays packets into one batch, which is filled again and again, and makes no object for a packet. */
export class InputBatchBuilder {
  readonly batch: InputBatch;
  readonly #packets: ShortCopy;
  #length = 0;

  constructor() {
    const bytes = new Uint8Array(BATCH_SIZE);
    this.#packets = new ShortCopy(bytes);
    this.batch = {
      bytes,
      words: new Uint32Array(bytes.buffer),
      count: 0,
      linkType: 0,
      byteOrder: "little",
      blocksOf: undefined,
    };
  }

  /** Bytes of the batch that are filled. */
  get length(): number {
    return this.#length;
  }

  /** Whether there is room for a packet of that many captured bytes. An empty batch has room for every packet. */
  fits(capturedLength: number): boolean {
    return this.#length + BATCH_RECORD.size + ((capturedLength + 7) & ~7) <= BATCH_SIZE;
  }

  /** Adds the packet that the cursor is at, or its first bytes. It must fit and have a time of 32 bits of seconds. */
  add(packet: BatchPacket, capturedLength = packet.capturedLength): void {
    const { words } = this.batch;
    const record = this.#length >>> 2;
    words[record + SECONDS] = packet.seconds;
    words[record + NANOSECONDS] = packet.nanoseconds;
    words[record + CAPTURED_LENGTH] = capturedLength;
    words[record + ORIGINAL_LENGTH] = packet.originalLength;
    words[record + INTERFACE_INDEX] = 0;
    words[record + DIRECTION] = 0;
    words[record + IS_DROPPED] = 0;
    words[record + QUEUE] = PACKET_QUEUE_UNKNOWN;
    words[record + LOST] = 0;
    words[record + NUMBER] = packet.number;
    this.#packets.copy(this.#length + BATCH_RECORD.size, packet.bytes, packet.start, capturedLength);
    this.#length += BATCH_RECORD.size + ((capturedLength + 7) & ~7);
    this.batch.count++;
  }

  /** Leaves `kept` bytes of the packet that was added last, with `capturedLength` bytes. */
  cutLast(capturedLength: number, kept: number): void {
    const record = this.#length - BATCH_RECORD.size - ((capturedLength + 7) & ~7);
    this.batch.words[(record >>> 2) + CAPTURED_LENGTH] = kept;
    this.#length = record + BATCH_RECORD.size + ((kept + 7) & ~7);
  }

  /** Empties the batch. */
  clear(): void {
    this.#length = 0;
    this.batch.count = 0;
  }
}
