import type { PacketBatch, PacketSink } from "../capture/index.ts";

/** Counts only: what --json without -w asks for. */
export class CountingSink implements PacketSink {
  packetsWritten = 0;
  readonly bytesWritten = 0;

  write(batch: PacketBatch): void {
    this.packetsWritten += batch.count;
  }

  close(): void {}
}
