import type { PacketBatch } from "../packets/packet-batch.ts";
import { ANY_LAYOUT, type PacketSink } from "../pipeline/sink.ts";

/** Counts packets and writes none. It is the sink of --json without -w. */
export class CountingSink implements PacketSink {
  readonly needs = ANY_LAYOUT;
  packetsWritten = 0;
  readonly bytesWritten = 0;

  write(batch: PacketBatch): void {
    this.packetsWritten += batch.count;
  }

  close(): void {}
}
