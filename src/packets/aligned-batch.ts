/**
 * A batch with all that is known of each packet: a struct batch_record of native/batch_record.h, padded to eight bytes,
 * and the process where it was asked for.
 */
import { BATCH_RECORD, PACKET_PROCESS } from "../generated/layouts.ts";
import { type BlockInterfaces, type BlockOptions, type PacketBlocks, packBlocks } from "../native/pack-blocks.ts";
import { packRecords } from "../native/packet-drain.ts";
import type { TimeStampPrecision } from "../pcap-writer/index.ts";
import type { Admission, Thinned } from "./admission.ts";
import { PacketBatch, PacketCursor, type PacketProcess } from "./packet-batch.ts";

/** Offsets in words of four bytes. */
const SECONDS = BATCH_RECORD.seconds / 4;
const NANOSECONDS = BATCH_RECORD.nanoseconds / 4;
const CAPTURED_LENGTH = BATCH_RECORD.capturedLength / 4;
const ORIGINAL_LENGTH = BATCH_RECORD.originalLength / 4;
const INTERFACE_INDEX = BATCH_RECORD.interfaceIndex / 4;
const DIRECTION = BATCH_RECORD.direction / 4;
const NUMBER = BATCH_RECORD.number / 4;

const PROCESS_ID = PACKET_PROCESS.pid / 4;
const USER_ID = PACKET_PROCESS.uid / 4;

class AlignedCursor extends PacketCursor {
  readonly #words: Uint32Array;
  readonly #count: number;
  readonly #withProcess: boolean;
  #index = 0;
  #next = 0;

  constructor(bytes: Uint8Array, words: Uint32Array, count: number, withProcess: boolean) {
    super(bytes);
    this.#words = words;
    this.#count = count;
    this.#withProcess = withProcess;
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
    this.number = words[record + NUMBER] ?? 0;
    this.start = this.#next + BATCH_RECORD.size;
    this.#next = this.start + ((this.capturedLength + 7) & ~7) + (this.#withProcess ? PACKET_PROCESS.size : 0);
    this.#index++;
    return true;
  }

  override process(): PacketProcess | undefined {
    if (!this.#withProcess) return undefined;
    const at = this.#next - PACKET_PROCESS.size;
    const pid = this.#words[(at >>> 2) + PROCESS_ID] ?? 0;
    if (pid === 0) return undefined;
    const name = this.bytes.subarray(at + PACKET_PROCESS.comm, at + PACKET_PROCESS.size);
    const end = name.indexOf(0);
    const comm = Buffer.from(name.subarray(0, end < 0 ? name.length : end)).toString();
    return { pid, uid: this.#words[(at >>> 2) + USER_ID] ?? 0, comm };
  }
}

export class AlignedBatch extends PacketBatch {
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #withProcess: boolean;

  /**
   * @param words the same memory as `bytes`
   * @param withProcess whether a struct packet_process follows each packet
   */
  constructor(bytes: Uint8Array, words: Uint32Array, count: number, withProcess = false) {
    super(count);
    this.#bytes = bytes;
    this.#words = words;
    this.#withProcess = withProcess;
  }

  cursor(): PacketCursor {
    return new AlignedCursor(this.#bytes, this.#words, this.count, this.#withProcess);
  }

  /** Leaves the packets that are admitted, in the same memory. See Admission.thin(). */
  thin(admission: Admission, limit: number): Thinned & { batch: AlignedBatch } {
    const thinned = admission.thin(this.#bytes, this.#words, this.count, limit);
    return { ...thinned, batch: new AlignedBatch(this.#bytes, this.#words, thinned.admitted) };
  }

  override packBlocks(output: Uint8Array, interfaces: BlockInterfaces, options: BlockOptions): PacketBlocks {
    const trailer = this.#withProcess ? PACKET_PROCESS.size : 0;
    return packBlocks(this.#bytes, this.count, output, { ...options, trailer, interfaces });
  }

  pack(output: Uint8Array, precision: TimeStampPrecision): Uint8Array {
    const unit = precision === "nano" ? 1 : 1000;
    const trailer = this.#withProcess ? PACKET_PROCESS.size : 0;
    return output.subarray(0, packRecords(this.#bytes, this.count, output, unit, trailer));
  }
}
