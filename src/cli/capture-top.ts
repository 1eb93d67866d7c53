/** What the end of a capture says on a terminal beside the numbers of packets: its busiest second and its heaviest keys. */
import { localTime } from "../host/index.ts";
import type { TrafficCounts, TrafficKey, TrafficTable } from "../packets/index.ts";
import type { CaptureFlags } from "./capture-options.ts";
import type { OutputPlan } from "./capture-output.ts";
import { stderr } from "./standard-streams.ts";

export const TOP_KEYS = ["src", "dst-port"] as const satisfies readonly TrafficKey[];

/** Keys of each kind that are named at most, and the part of all packets that makes a key worth naming. */
const NAMED_MOST = 3;
const NAMED_SHARE = 0.01;

/** Whether somebody looks at the end of a capture who does not see its packets. */
export function endsWithTop({ path }: Pick<OutputPlan, "path">, { quiet, json }: CaptureFlags): boolean {
  return stderr.isTerminal && path !== undefined && path !== "-" && !quiet && !json;
}

export interface TopClock {
  /** Seconds of a clock that never steps, from any beginning. */
  readonly elapsed: () => number;
  /** Seconds since the epoch. */
  readonly time: () => number;
}

const CLOCK: TopClock = { elapsed: () => performance.now() / 1000, time: () => Date.now() / 1000 };

export class CaptureTop {
  readonly #counts: TrafficCounts;
  readonly #clock: TopClock;
  readonly #timer: NodeJS.Timeout;
  #packets = 0;
  #second: { elapsed: number; time: number };
  #peak: { perSecond: number; time: number };

  /** A capture begins, whose counts are looked at every second. */
  constructor(counts: TrafficCounts, clock = CLOCK) {
    this.#counts = counts;
    this.#clock = clock;
    this.#second = { elapsed: clock.elapsed(), time: clock.time() };
    this.#peak = { perSecond: 0, time: this.#second.time };
    this.#timer = setInterval(() => this.look(), 1000).unref();
  }

  /** A second is over. */
  look(): void {
    const { packets } = this.#counts.totals();
    const second = { elapsed: this.#clock.elapsed(), time: this.#clock.time() };
    // The last part of a second says nothing of a whole one.
    const perSecond = Math.round((packets - this.#packets) / Math.max(1, second.elapsed - this.#second.elapsed));
    if (perSecond > this.#peak.perSecond) this.#peak = { perSecond, time: this.#second.time };
    [this.#packets, this.#second] = [packets, second];
  }

  /** The capture is over. @returns lines; none where no packet came */
  end(): string[] {
    clearInterval(this.#timer);
    this.look();
    if (this.#packets === 0) return [];
    const { tables } = this.#counts.window(NAMED_MOST);
    return [
      `peak ${rateText(this.#peak.perSecond)} at ${timeText(this.#peak.time, this.#clock.time())}`,
      ...this.#heaviest("source", tables.get("src")),
      ...this.#heaviest("port", tables.get("dst-port")),
    ];
  }

  /** Returns nothing where no packet has such a key. */
  #heaviest(what: string, table: TrafficTable | undefined): string[] {
    if (table === undefined || table.entries.length === 0) return [];
    const named = table.entries.filter(({ packets }) => packets >= NAMED_SHARE * this.#packets);
    if (named.length === 0) return [`no dominant ${what}`];
    const shares = named.map(({ key, packets }) => `${key} ${((100 * packets) / this.#packets).toFixed(1)} %`);
    return [`top ${what}s ${shares.join(", ")}`];
  }
}

function rateText(perSecond: number): string {
  return `${perSecond.toLocaleString("en")} ${perSecond === 1 ? "packet" : "packets"}/s`;
}

/** Returns the local time of day, with the date where that is not today's. @param time, now seconds since the epoch */
function timeText(time: number, now: number): string {
  const [date = "", timeOfDay = ""] = localText(time).split(" ");
  return localText(now).startsWith(date) ? timeOfDay : `${date} ${timeOfDay}`;
}

function localText(time: number): string {
  return localTime(Math.floor(time)).toISOString().slice(0, 19).replace("T", " ");
}
