/** A source: where packets come from, which is a capture in the kernel or a file. */
import type { CaptureCounters, CapturedInterface, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";

/** Yields batches until it ends by itself, or soon after it was asked to stop. */
export interface BatchSource extends AsyncIterable<PacketBatch> {
  requestStop(): void;
}

/** A source that describes where its packets are from, and counts what became of each. */
export interface PacketSource extends BatchSource {
  readonly description: SourceDescription;
  /** Returns the counters so far. @throws RingcapError KERNEL when the kernel does not tell them */
  counters(): CaptureCounters;
}

/** A capture of interfaces. */
export interface CapturingSource extends PacketSource {
  /** Yields the same batches as the iteration, but ends when the last packet is taken, whatever is still attached. */
  batches(): AsyncGenerator<PacketBatch, void, undefined>;
  readonly interfaces: readonly CapturedInterface[];
  /**
   * How many packets of `ringDropped` were lost because the kernel did not give their bytes, and not for want of room.
   */
  readonly unreadable: number;
  /**
   * Returns the packets that interfaces dropped on their way in, by the interface's index.
   *
   * @throws RingcapError KERNEL
   */
  interfaceDrops(): ReadonlyMap<number, number>;
}
