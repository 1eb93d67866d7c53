/** Where packets come from: a capture in the kernel, or a file. */
import type { CaptureCounters, CapturedInterface, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";

/** Batches that end by themselves, or soon after they were asked to. */
export interface BatchSource extends AsyncIterable<PacketBatch> {
  requestStop(): void;
}

/** A source that says what its packets are from, and what became of each of them. */
export interface PacketSource extends BatchSource {
  readonly description: SourceDescription;
  /** @throws RingcapError KERNEL when the kernel does not tell them */
  counters(): CaptureCounters;
}

/** A capture of interfaces. */
export interface CapturingSource extends PacketSource {
  /** As the iteration, but ends when the last packet is taken, whatever is still attached. */
  batches(): AsyncGenerator<PacketBatch, void, undefined>;
  readonly interfaces: readonly CapturedInterface[];
  /** Packets of `ringDropped` that are no matter of the rings: the kernel did not give their bytes. */
  readonly unreadable: number;
  /** Packets that interfaces dropped on their way in, by the interface's index. @throws RingcapError KERNEL */
  interfaceDrops(): ReadonlyMap<number, number>;
}
