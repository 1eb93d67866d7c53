/** An engine, which decides about the packets of a replay. */

import type { AlignedBatch } from "../packets/aligned-batch.ts";
import type { InputBatch } from "../packets/input-batch.ts";

export interface EngineResult {
  /** Packets of the input that were decided about. They are all packets, unless the limit was reached. */
  packets: number;
  /** The packets that matched, in order and cut to the snapshot length; valid until the next run. */
  batch: AlignedBatch;
}

export interface ReplayEngine extends Disposable {
  readonly name: "kernel" | "user";
  /** The program of the kernel; null for the user engine. */
  readonly hook: "xdp" | "tc" | null;
  /** Packets that the kernel refuses for a test run, and about which the filter on the host decided. */
  readonly decidedOnHost: number;
  /** Decides about a batch, which it may write to, until `limit` packets matched. */
  run(input: InputBatch, limit: number): EngineResult;
  /** Compares the counts after the last batch. @throws RingcapError INTERNAL when the kernel counted something else */
  verify(): void;
  close(): void;
}
