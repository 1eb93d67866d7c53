/** What a recorder is told of the watch, and of each capture. */
import type { ListenPressure } from "../host/listen-pressure.ts";
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import type { TrafficTotals, TrafficWindow } from "../packets/traffic-counts.ts";
import type { MakePage } from "./incident-page.ts";
import type { WatchFacts } from "./incident-report.ts";
import type { IncidentLimits } from "./incident-start.ts";
import type { WatchClock } from "./watch-clock.ts";
import type { TellEvent } from "./watch-event.ts";

export interface RecorderOptions extends IncidentLimits {
  /** The directory of -w. */
  readonly directory: string;
  /** Users whose links on the way to it are followed. */
  readonly trusted: ReadonlySet<number>;
  /** Bytes. */
  readonly historySize: number;
  readonly clock: WatchClock;
  readonly tell: TellEvent;
  /** Makes the page of each incident; undefined: none is made. */
  readonly makePage?: MakePage | undefined;
  /** What the kernel counts of the listening sockets. */
  readonly pressure?: (() => ListenPressure | undefined) | undefined;
  /** Is called when an incident has its name. It may remove older ones. */
  readonly onFinished?: ((name: string) => void) | undefined;
}

/** The capture that goes on at the moment. */
export interface RecordedSession {
  readonly description: SourceDescription;
  readonly facts: WatchFacts;
  counters(): CaptureCounters;
  totals(): TrafficTotals;
  /** What the running window of the tables has so far; undefined where there are none. */
  window(): TrafficWindow | undefined;
  /** Records one matching packet in so many from now on. */
  setSampling(oneIn: number): void;
}
