/** What a watch reports at its end, and so far. */
import type { Recorder, Watch } from "../flood/index.ts";
import type { PacketReport } from "../pipeline/index.ts";

export interface WatchReport {
  readonly version: 1;
  readonly seconds: number;
  /**
   * Numbers of packets: matched = sampledOut + rateLimited + ringDropped + overLimit + written + writeFailed +
   * forgotten.
   */
  readonly packets: PacketReport & {
    /** Packets that left the history without an incident. */
    forgotten: number;
  };
  readonly bytes: { readonly written: number };
  readonly history: { readonly overflowed: number };
  readonly incidents: { readonly begun: number; readonly failed: number };
}

export function watchReport(watch: Pick<Watch, "counts">, recorder: Recorder, seconds: number): WatchReport {
  const { delivered: _, ...counters } = watch.counts.counters;
  const { counts, history, incident } = recorder;
  return {
    version: 1,
    seconds: Math.round(seconds * 1000) / 1000,
    packets: {
      ...counters,
      overLimit: counters.overLimit + counts.overSize + (incident?.overSize ?? 0),
      written: counts.packets + (incident?.packets ?? 0),
      // Of an incident that goes on, packets that are not in its file yet are on their way to it, unless it has failed.
      writeFailed: counts.writeFailed + (incident?.failure === undefined ? 0 : incident.writeFailed),
      forgotten: history.forgotten,
    },
    bytes: { written: counts.bytes + (incident?.bytes ?? 0) },
    history: { overflowed: history.overflowed },
    incidents: { begun: counts.incidents, failed: counts.failed },
  };
}
