/** Empties ring buffers of packet records into a buffer of the caller, oldest packet first. */
import { addon, type NativePacketDrain } from "./addon.ts";
import type { BpfMap } from "./map.ts";

export interface DrainResult {
  /** Bytes of the buffer that were filled. */
  bytes: number;
  /** Records in them: struct batch_record of native/batch_record.h each, padded to eight bytes. */
  records: number;
  /** Whether records were left in the rings for want of room. */
  full: boolean;
  /** Whether records were left because an older one was still being written. */
  busy: boolean;
  /** Whether records stamped after `until` were left. */
  later: boolean;
}

export class PacketDrain implements Disposable {
  readonly #drain: NativePacketDrain;

  constructor(rings: readonly BpfMap[]) {
    this.#drain = new (addon().PacketDrain)(rings.map((ring) => ring.descriptor));
  }

  /**
   * Takes the records stamped at or before `until`, as many as fit.
   *
   * @param buffer aligned to four bytes, with room for the largest record at least
   * @param until CLOCK_MONOTONIC, nanoseconds; in the future it gives up the order of packets of different CPUs
   * @param epochOffset nanoseconds to add to a stamp to have the time since the epoch
   */
  drain(buffer: Uint8Array, until: bigint, epochOffset: bigint): DrainResult {
    return this.#drain.drain(buffer, until, BigInt.asUintN(64, epochOffset));
  }

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
 * @returns bytes of the output that were filled
 */
export function packRecords(batch: Uint8Array, count: number, output: Uint8Array, unit: number): number {
  return addon().packRecords(batch, count, output, unit);
}
