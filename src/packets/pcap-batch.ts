/** A batch of one interface and direction, laid out as records of a pcap file, as they lie in a ring. */
import { PACKET_RECORD } from "../generated/layouts.ts";
import { convertRecords } from "../native/packet-drain.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import { PacketBatch, PacketCursor } from "./packet-batch.ts";

/** What all packets of the batch have in common, and their records do not say. */
export interface RecordOrigin {
  interfaceIndex: number;
  /** enum packet_direction of bpf/capture/packet_record.h. */
  direction: number;
  /** Nanoseconds of the unit of time: 1 or 1000. */
  timeUnit: number;
}

class PcapCursor extends PacketCursor {
  readonly #view: DataView;
  readonly #timeUnit: number;
  #left: number;
  #next = 0;

  constructor(bytes: Uint8Array, count: number, origin: RecordOrigin) {
    super(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#timeUnit = origin.timeUnit;
    this.#left = count;
    this.interfaceIndex = origin.interfaceIndex;
    this.direction = origin.direction;
  }

  next(): boolean {
    if (this.#left === 0) return false;
    const view = this.#view;
    const record = this.#next;
    this.seconds = view.getUint32(record + PACKET_RECORD.seconds, true);
    this.nanoseconds = view.getUint32(record + PACKET_RECORD.fraction, true) * this.#timeUnit;
    this.capturedLength = view.getUint32(record + PACKET_RECORD.capturedLength, true);
    this.originalLength = view.getUint32(record + PACKET_RECORD.originalLength, true);
    this.start = record + PACKET_RECORD.size;
    this.#next = this.start + this.capturedLength;
    this.#left--;
    return true;
  }
}

export class PcapBatch extends PacketBatch {
  readonly #bytes: Uint8Array;
  readonly #origin: RecordOrigin;

  /** @param bytes the records and no more */
  constructor(bytes: Uint8Array, count: number, origin: RecordOrigin) {
    super(count);
    this.#bytes = bytes;
    this.#origin = origin;
  }

  cursor(): PacketCursor {
    return new PcapCursor(this.#bytes, this.count, this.#origin);
  }

  /** The batch itself where it has that precision, and otherwise a copy, for which `output` may be too short. */
  pack(output: Uint8Array, precision: TimeStampPrecision): Uint8Array {
    const timeUnit = precision === "nano" ? 1 : 1000;
    if (timeUnit === this.#origin.timeUnit) return this.#bytes;
    const room = output.length < this.#bytes.length ? new Uint8Array(this.#bytes.length) : output;
    convertRecords(this.#bytes, this.count, room, this.#origin.timeUnit, timeUnit);
    return room.subarray(0, this.#bytes.length);
  }

  /** The first so many packets. */
  first(count: number): PcapBatch {
    if (count === this.count) return this;
    const cursor = new PcapCursor(this.#bytes, count, this.#origin);
    while (cursor.next());
    const length = count === 0 ? 0 : cursor.start + cursor.capturedLength;
    return new PcapBatch(this.#bytes.subarray(0, length), count, this.#origin);
  }
}
