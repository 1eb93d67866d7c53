import type { PacketBatch } from "../packets/packet-batch.ts";
import { ANY_LAYOUT, type PacketSink } from "../pipeline/sink.ts";

/** Counts only: what --json without -w asks for. */
export class CountingSink implements PacketSink {
  readonly needs = ANY_LAYOUT;
  packetsWritten = 0;
  readonly bytesWritten = 0;

  write(batch: PacketBatch): void {
    this.packetsWritten += batch.count;
  }

  close(): void {}
}
