/** The part of a sink for capture files that exists once its output is open and its header is written. */
import type { CaptureCounters } from "../packets/captured.ts";
import type { PacketSink } from "../pipeline/sink.ts";

export type OpenedSink = Omit<PacketSink, "needs" | "prepare" | "begin" | "discard">;

/**
 * Returns the counters of the source; undefined where the kernel does not tell them, in which case the file is written
 * without them.
 */
export type CountersSoFar = () => CaptureCounters | undefined;

export function whereTold(counters: () => CaptureCounters): CountersSoFar {
  return () => {
    try {
      return counters();
    } catch {
      return undefined;
    }
  };
}
