/** What the triggers of `ringcap watch` are told at each look at a capture. */
import type { ListenPressure } from "../host/listen-pressure.ts";
import type { CaptureCounters } from "../packets/captured.ts";
import type { TrafficTotals, TrafficWindow } from "../packets/traffic-counts.ts";

export interface Observation {
  /** Nanoseconds since the epoch. It may step back or ahead with the host's clock. */
  readonly time: bigint;
  /** Seconds of a clock that never steps, from any beginning. */
  readonly elapsed: number;
  /** The numbers since the start of the capture. */
  readonly totals: TrafficTotals;
  readonly counters: CaptureCounters;
  /** The running window of the tables, or the one that has just ended; undefined where no rule asks for keys. */
  readonly window?: TrafficWindow | undefined;
  /** Of the namespace whose sockets are watched; undefined where no rule asks for it. */
  readonly pressure?: ListenPressure | undefined;
}

/** A rule that holds at the moment. */
export interface Firing {
  /** The rule as it was given. */
  readonly rule: string;
  /** What was measured, in the unit of the rule. */
  readonly value: number;
  /** The value that it had to exceed. */
  readonly threshold: number;
  /** The key that it was reached by, for a rule per key. */
  readonly key?: string | undefined;
  /** The usual value in the unit of the rule, for a rule that compares with it. */
  readonly usual?: number | undefined;
}
