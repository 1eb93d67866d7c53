/** An engine, which puts frames on the wire. */
import type { FrameBatch } from "./frame-source.ts";

export interface EngineCounters {
  /** Frames that the interface took, and their bytes. */
  sent: number;
  bytes: number;
  /** Times that the interface had no room for a frame, which was offered again. */
  retried: number;
  /** Frames that were not sent, by cause: errno names. */
  errors: Readonly<Record<string, number>>;
  /** How many microseconds after their time paced frames were handed over; undefined when none was paced. */
  lateness: { mean: number; max: number } | undefined;
}

export interface SendEngine {
  readonly name: "xdp" | "socket";
  /** CPUs that it sends on. */
  readonly cpus: number;
  /**
   * Takes the frames of a batch from number `from` on, to send them now or later. The batch may change after the next
   * call.
   *
   * @returns frames of the batch that are behind it: fewer than all when it cannot send the next one
   */
  send(batch: FrameBatch, from: number): Promise<number>;
  /** Resolves when all that was taken is sent. @throws RingcapError when the interface refuses to send */
  flush(): Promise<void>;
  /** Ends send() and flush() at once. */
  stop(): void;
  counters(): EngineCounters;
  close(): void;
}
