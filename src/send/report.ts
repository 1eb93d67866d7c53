/** What became of every frame. */
import type { EngineCounters, SendEngine } from "./engine.ts";

/** What became of every frame. */
export interface SendReport {
  version: 1;
  /** How many seconds the sending took. */
  seconds: number;
  /** The engine that sent last: "xdp" for live frames, "socket" for a packet socket. */
  engine: "xdp" | "socket";
  /** CPUs that it sent on. */
  cpus: number;
  /** The file as it was named. */
  input: { file: string };
  /** The interface that the frames left through. */
  interface: {
    name: string;
    linkType: number;
    /** Frames dropped on their way out, as the interface counts them, whoever sent them; beside `failed` and `retried`. */
    transmitDropped: number;
  };
  /** Numbers of frames. */
  frames: {
    /** Taken by the interface. */
    sent: number;
    /** Not sent: the sum of `errors`. */
    failed: number;
    /** Frames of the file whose end the capture had cut off. They are sent as far as they are there. */
    truncated: number;
    /** Times that the interface had no room for a frame, which was offered again. */
    retried: number;
  };
  /** Bytes of the frames that were sent. */
  bytes: { sent: number };
  /** What was sent, over the seconds that it took. */
  rate: { framesPerSecond: number; bitsPerSecond: number };
  /** Frames that were not sent, by cause: errno names, and "refused" for those that a driver never took. */
  errors: Record<string, number>;
  /** Microseconds that frames were handed over after their time; null at top speed. */
  lateness: { mean: number; max: number } | null;
  /** Gaps of the file that were longer than wanted, and the seconds that were left out of them, of one pass through it. */
  shortened: { gaps: number; seconds: number };
}

/** Of all engines that took part. */
export function addCounters(engines: readonly SendEngine[]): EngineCounters {
  const total = { sent: 0, bytes: 0, retried: 0, errors: {} as Record<string, number> };
  let lateness: EngineCounters["lateness"];
  for (const counters of engines.map((engine) => engine.counters())) {
    total.sent += counters.sent;
    total.bytes += counters.bytes;
    total.retried += counters.retried;
    for (const [cause, frames] of Object.entries(counters.errors)) {
      if (frames > 0) total.errors[cause] = (total.errors[cause] ?? 0) + frames;
    }
    lateness ??= counters.lateness;
  }
  return { ...total, lateness };
}

function sumOf(errors: Readonly<Record<string, number>>): number {
  return Object.values(errors).reduce((sum, frames) => sum + frames, 0);
}

/** What a session knows beside the counters of its engines. */
export interface SendFacts extends Pick<SendReport, "seconds" | "engine" | "cpus" | "interface" | "shortened"> {
  readonly file: string;
  readonly truncated: number;
}

export function sendReport({ sent, bytes, retried, errors, lateness }: EngineCounters, facts: SendFacts): SendReport {
  const { seconds, engine, cpus, file, truncated, shortened } = facts;
  const perSecond = (value: number) => (seconds > 0 ? rounded(value / seconds) : 0);
  return {
    version: 1,
    seconds: rounded(seconds),
    engine,
    cpus,
    input: { file },
    interface: facts.interface,
    frames: { sent, failed: sumOf(errors), truncated, retried },
    bytes: { sent: bytes },
    rate: { framesPerSecond: perSecond(sent), bitsPerSecond: perSecond(8 * bytes) },
    errors,
    lateness: lateness ?? null,
    shortened,
  };
}

/** To a millionth, which is a microsecond of seconds. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
