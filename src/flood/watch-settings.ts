/** What a watch is made of. */
import type { ListenPressure } from "../host/listen-pressure.ts";
import type { TrafficCounts, TrafficWindow } from "../packets/traffic-counts.ts";
import type { CapturingSource } from "../pipeline/source.ts";
import type { Firing, Observation } from "./observation.ts";
import type { Recorder } from "./recorder.ts";
import type { WatchClock } from "./watch-clock.ts";
import type { TellEvent } from "./watch-event.ts";

/** A capture as a watch uses it. */
export interface WatchSession extends CapturingSource {
  readonly counts?: TrafficCounts | undefined;
  setSampling?(oneIn: number): void;
  /** Resolves when nothing is attached any more. */
  removed(): Promise<void>;
}

/** What decides that there is a flood. */
export interface WatchTriggers {
  /** Whether they are to be told the running window of the tables at each look. */
  readonly needsKeys: boolean;
  /** A capture begins, and rates with it: what came to an earlier one is over. */
  begin(): void;
  observe(observation: Observation): readonly Firing[];
}

export interface WatchOptions<Session extends WatchSession> {
  /** The interfaces; empty for that of the default route. */
  readonly interfaces: readonly string[];
  /** Starts a capture of these interfaces, with `pause` among the needs of its sink. */
  readonly open: (interfaces: readonly string[], pause: () => number) => Promise<Session>;
  /** Is called when packets are being captured, each time. */
  readonly onOpen: (session: Session) => void;
  readonly recorder: Recorder;
  readonly triggers: WatchTriggers;
  readonly pressure?: (() => ListenPressure | undefined) | undefined;
  /** The command line, for incident.json. */
  readonly command: readonly string[];
  readonly clock: WatchClock;
  readonly tell: TellEvent;
  readonly stop: AbortSignal;
  /** Is called at each look. */
  readonly onLook?: ((session: Session) => void) | undefined;
  /** Is called with each window of the tables that has ended. */
  readonly onWindow?: ((window: TrafficWindow) => void) | undefined;
  /** Is called when a capture is over, with its last counts, before the next one begins. */
  readonly onEnd?: ((session: Session) => void) | undefined;
  /** Whether a capture can be started again; undefined: it can. Returns why not. */
  readonly cannotReopen?: (() => string | undefined) | undefined;
  /** Whether an interface is there. */
  readonly isPresent?: ((name: string) => boolean) | undefined;
}
