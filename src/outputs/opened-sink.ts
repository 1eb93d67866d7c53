/** What a sink of capture files is once its output is open and its header is written. */
import type { CaptureCounters } from "../packets/captured.ts";
import type { PacketSink } from "../pipeline/sink.ts";

export type OpenedSink = Omit<PacketSink, "needs" | "prepare" | "begin" | "discard">;

/** The counters of the source; undefined where the kernel does not tell them, which is no reason to lose a file. */
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
