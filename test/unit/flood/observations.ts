/** What rules and the usual rates are told, made by hand. */
import type { Observation } from "../../../src/flood/observation.ts";
import { NO_COUNTERS, NO_TOTALS } from "../../../src/flood/watched-counts.ts";
import type { TrafficTotals } from "../../../src/packets/traffic-counts.ts";

/** Nanoseconds since the epoch: Monday, 2024-01-01, 00:00 UTC. */
export const MONDAY = 1_704_067_200_000_000_000n;

export interface Moment extends Pick<Observation, "window" | "pressure"> {
  elapsed: number;
  totals?: Partial<TrafficTotals>;
  ringDropped?: number;
}

export function observationAt({ elapsed, totals = {}, ringDropped = 0, ...rest }: Moment): Observation {
  return {
    time: MONDAY + BigInt(Math.round(elapsed * 1e9)),
    elapsed,
    totals: { ...NO_TOTALS, ...totals },
    counters: { ...NO_COUNTERS, ringDropped },
    ...rest,
  };
}
