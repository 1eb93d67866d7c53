/** The numbers of events, from those of a watch. */
import type { ChangedEvent, EventCounts, EventPackets } from "../fleet/index.ts";
import type { WatchEvent } from "../flood/index.ts";
import type { CaptureCounters, TrafficTotals, TrafficWindow } from "../packets/index.ts";

/** What was counted until a moment, which is in seconds of the clock that never steps. */
export interface CountedUntil {
  readonly elapsed: number;
  readonly counters: CaptureCounters;
  readonly totals: TrafficTotals;
}

/** Keys of a kind. */
const KEYS = 5;

/** @param isCounted whether the kernel counts bytes */
export function countsBetween(from: CountedUntil, until: CountedUntil, isCounted: boolean): EventCounts {
  const counted = (name: keyof CaptureCounters) => until.counters[name] - from.counters[name];
  return {
    seconds: rounded(until.elapsed - from.elapsed),
    packets: until.totals.packets - from.totals.packets,
    bytes: isCounted ? until.totals.bytes - from.totals.bytes : null,
    matched: counted("matched"),
    sampled: counted("sampledOut") + counted("rateLimited"),
    dropped: counted("ringDropped") + counted("overLimit"),
  };
}

type IncidentReport = Extract<WatchEvent, { event: "incident-ended" }>["report"];

/** What became of the packets of an incident that has ended. */
export function endCounts(
  { packets, totals, seconds, history }: IncidentReport,
  isCounted: boolean,
): { readonly packets: EventPackets; readonly total: EventCounts } {
  return {
    packets: packetsOf(packets),
    total: {
      seconds: rounded(history.seconds + seconds),
      packets: totals?.packets ?? packets.matched,
      bytes: isCounted && totals !== null ? totals.bytes : null,
      matched: packets.matched,
      sampled: packets.sampledOut + packets.rateLimited,
      dropped: packets.ringDropped + packets.overLimit,
    },
  };
}

export function packetsOf(packets: EventPackets): EventPackets {
  const { seen, matched, sampledOut, rateLimited, ringDropped, overLimit, written, writeFailed, forgotten } = packets;
  return { seen, matched, sampledOut, rateLimited, ringDropped, overLimit, written, writeFailed, forgotten };
}

/** The heaviest keys of a second; none where it is not known. */
export function topOf(window: TrafficWindow | undefined): ChangedEvent["top"] {
  const kinds = [...(window?.tables ?? [])].map(([kind, { entries }]) => {
    const heaviest = entries.filter(({ packets }) => packets > 0).slice(0, KEYS);
    return [kind, heaviest.map(({ key, packets, bytes, syns }) => ({ key, packets, bytes, syns }))] as const;
  });
  return Object.fromEntries(kinds);
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
