/** Takes packet records out of the rings of all CPUs, oldest packet first. */
import { addon, type NativePacketDrain } from "./addon.ts";
import type { BpfMap } from "./map.ts";
import type { DrainResult } from "./native-classes.ts";

export interface DrainOptions {
  rings: readonly BpfMap[];
  /** The BPF ring buffer by which the kernel wakes user space. */
  wakeups: BpfMap;
  /** Whether records end with a struct packet_origin (bpf/capture/packet_record.h). */
  withOrigin: boolean;
  /** Whether a struct packet_process follows it. Default: false. */
  withProcess?: boolean;
  /** Whether records are blocks of a pcapng file (bpf/capture/packet_block.h). Default: false. */
  areBlocks?: boolean;
  /** Nanoseconds of the unit of the records' time. */
  unit: number;
  /** The epoch offset at the start: CLOCK_REALTIME minus CLOCK_MONOTONIC, in nanoseconds. */
  epochOffset: bigint;
}

export class PacketDrain implements Disposable {
  readonly #drain: NativePacketDrain;
  #rings: readonly Uint8Array[] | undefined;

  constructor({ rings, wakeups, withOrigin, withProcess, areBlocks, unit, epochOffset }: DrainOptions) {
    const descriptors = rings.map((ring) => ring.descriptor);
    this.#drain = new (addon().PacketDrain)(descriptors, wakeups.descriptor, withOrigin, unit, withProcess, areBlocks);
    this.setEpochOffset(epochOffset);
  }

  /**
   * Takes as many packets as fit, each with what is known of it: struct batch_record of native/batch_record.h, padded
   * to eight bytes, and a struct packet_process where records have one.
   *
   * @param buffer aligned to four bytes, with room for the largest record at least
   */
  drain(buffer: Uint8Array): DrainResult {
    return this.#drain.drain(buffer);
  }

  /**
   * Takes packets as records of a pcap file, or as blocks of a pcapng file where the rings hold blocks. It does not work
   * for rings whose records end with their origin.
   *
   * @param buffer with room for the largest record at least; used when several rings have packets
   * @returns `bytes`: the records, in the buffer or in place, where they stay until the next call of this kind
   */
  takeRecords(buffer: Uint8Array): DrainResult & { bytes: Uint8Array } {
    const { ring, offset, bytes, ...result } = this.#drain.takeRecords(buffer);
    // V8 collects garbage at once when it learns of that much memory, which is left to the time after the start.
    this.#rings ??= this.#drain.buffers().map((memory) => new Uint8Array(memory));
    const source = this.#rings[ring] ?? buffer;
    return { ...result, bytes: source.subarray(offset, offset + bytes) };
  }

  /**
   * Skips everything that lies in the rings, which no producer fills any more. What was taken last stays readable.
   *
   * @returns packets
   */
  skip(): number {
    return this.#drain.skip();
  }

  /**
   * The time since the epoch of packets that arrive from now on: CLOCK_MONOTONIC plus this, nanoseconds.
   *
   * @returns false when the rings still hold packets from before the last change: to be tried again
   */
  setEpochOffset(epochOffset: bigint): boolean {
    return this.#drain.setEpochOffset(BigInt.asUintN(64, epochOffset));
  }

  /**
   * Gives the memory of the rings back. Records that were taken last can still be read, and records of earlier batches
   * are zeros.
   */
  close(): void {
    this.#drain.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Lays the first `count` records of a batch in a row: seconds, the rest of the time in units of so many nanoseconds,
 * captured and original length, four bytes each in this machine's order, then the captured bytes, without padding.
 *
 * @param output as long as the batch
 * @param trailer bytes behind the padding of each record of the batch, to be left out
 * @returns bytes of the output that were filled
 */
export function packRecords(batch: Uint8Array, count: number, output: Uint8Array, unit: number, trailer = 0): number {
  return addon().packRecords(batch, count, output, unit, trailer);
}

/**
 * Copies records of a pcap file, their time given in units of so many nanoseconds, with the time in another unit.
 *
 * @param output as long as the records
 */
export function convertRecords(
  records: Uint8Array,
  count: number,
  output: Uint8Array,
  fromUnit: number,
  toUnit: number,
): void {
  addon().convertRecords(records, count, output, fromUnit, toUnit);
}
