/** What an incident is told when it begins. */
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import type { MakePage } from "./incident-page.ts";
import type { WatchFacts } from "./incident-report.ts";
import type { Firing } from "./observation.ts";
import type { Mark } from "./second-marks.ts";

export interface IncidentLimits {
  /** Seconds of history that are asked for. */
  readonly before: number;
  /** Seconds without a rule that holds after which it is over. */
  readonly after: number;
  /** Seconds that it lasts at most. */
  readonly longest: number;
  /** Bytes of all of its files. */
  readonly size: number;
  /** Bytes of one file. */
  readonly splitSize: number;
}

export interface IncidentPlace {
  /** The directory of -w. */
  readonly base: string;
  readonly name: string;
  /** Users whose links on the way are followed. */
  readonly trusted: ReadonlySet<number>;
  readonly makePage?: MakePage | undefined;
}

/** What is known when it begins. */
export interface IncidentStart {
  readonly elapsed: number;
  readonly time: bigint;
  readonly firings: readonly Firing[];
  readonly history: { readonly packets: number; readonly bytes: number; readonly seconds: number };
  readonly description: SourceDescription;
  readonly counters: () => CaptureCounters;
  readonly facts: WatchFacts;
  /** The mark from which on it counts. */
  readonly since: Mark;
}

/** The counters of the capture so far; undefined where the kernel does not tell them. */
export function countersOf(start: IncidentStart): CaptureCounters | undefined {
  try {
    return start.counters();
  } catch {
    return undefined;
  }
}
