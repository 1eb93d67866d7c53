/** Where captured packets go. */
import type { PacketBatch } from "../packet-batch.ts";

export interface PacketSink {
  /** Packets that arrived for certain. */
  readonly packetsWritten: number;
  /** Bytes that arrived for certain. */
  readonly bytesWritten: number;
  /** Takes a batch in whole before it returns, or before its promise resolves. @throws RingcapError OUTPUT or OUTPUT_CLOSED */
  write(batch: PacketBatch): void | Promise<void>;
  /** Puts what comes with the next batch on the disk, and says where that fails. Sinks without a disk have none. */
  flush?(): void;
  /** Gives up what a reader that stalls has not taken: a write that waits fails at once. Sinks that never wait have none. */
  abandon?(): void;
  /** Puts everything on its way in safety, and closes. @throws RingcapError OUTPUT or OUTPUT_CLOSED */
  close(): void | Promise<void>;
}
