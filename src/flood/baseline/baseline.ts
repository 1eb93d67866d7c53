/**
 * The usual rates of a host, by the hour of its week. Each of the 168 hours of local time has a level for each kind of
 * traffic, which every quiet minute moves a little towards its own rate.
 */
import { localTime } from "../../host/local-time.ts";
import type { TrafficTotals } from "../../packets/traffic-counts.ts";
import type { Observation } from "../observation.ts";
import { ofEachTraffic, TRAFFIC_SUBJECTS, type TrafficSubject, trafficOf } from "../triggers/subjects.ts";
import type { UsualRates } from "../triggers/trigger-set.ts";
import { type BaselineState, HOURS, MINUTES_MAX } from "./baseline-state.ts";
import { hourLevel } from "./hour-level.ts";

/** Minutes that an hour must have, so that its own level counts. */
const MINUTES_MIN = 5;
/** A minute moves a level as one that is at most so many times more or less: a natural logarithm. */
const STEP_MAX = Math.log(4);
/** Minutes without a quiet one after which an unknown hour, and all hours, are learnt in an incident. */
const HALF_HOUR = 30;
const DAY = 24 * 60;
/** Seconds of a minute that must have been seen, and that it may have had at most. */
const SEEN_MIN = 30;
const SEEN_MAX = 90;
const MINUTE_NANOSECONDS = 60_000_000_000n;

/** The minute that is running, by the host's clock. */
interface Minute {
  readonly number: number;
  readonly beganAt: number;
  readonly totals: TrafficTotals;
  /** Whether an incident or a new beginning of the counters fell into it. */
  isQuiet: boolean;
}

export interface BaselineOptions {
  /** What was learnt before. */
  readonly state?: BaselineState | undefined;
  /** Returns a date whose UTC fields are those of the local time. @param second since the epoch */
  readonly localTime?: ((second: number) => Date) | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
}

export class Baseline implements UsualRates {
  /** Minutes that were learnt of each hour, up to MINUTES_MAX. */
  readonly #minutes: number[];
  /** Natural logarithms of 1 + rate, of each hour. */
  readonly #levels: Readonly<Record<TrafficSubject, number[]>>;
  readonly #localTime: (second: number) => Date;
  readonly #onNote: (note: string) => void;
  #minute: Minute | undefined;
  #lastPackets = 0;
  /** Minutes since the last quiet one. */
  #unquiet = 0;

  constructor({ state, localTime: local = localTime, onNote = () => {} }: BaselineOptions = {}) {
    const noLevels = () => Array.from({ length: HOURS }, () => 0);
    this.#minutes = state === undefined ? noLevels() : [...state.minutes];
    this.#levels = ofEachTraffic((subject) => (state === undefined ? noLevels() : [...state.levels[subject]]));
    this.#localTime = local;
    this.#onNote = onNote;
  }

  /**
   * Learns from the numbers of the moment. It has to be called several times a minute.
   *
   * @param inIncident whether an incident is recorded, from which nothing is learnt
   */
  learn({ time, elapsed, totals }: Observation, inIncident: boolean): void {
    const number = Number(time / MINUTE_NANOSECONDS);
    if (this.#minute !== undefined && number !== this.#minute.number) this.#end(this.#minute, elapsed, totals);
    if (number !== this.#minute?.number) {
      this.#minute = { number, beganAt: elapsed, totals: { ...totals }, isQuiet: true };
    }
    if (inIncident || totals.packets < this.#lastPackets) this.#minute.isQuiet = false;
    this.#lastPackets = totals.packets;
  }

  /** Between the middles of two hours, the rate is taken to change evenly. */
  usual(subject: TrafficSubject, time: bigint): number | undefined {
    const hours = this.#hourOf(Number(time / MINUTE_NANOSECONDS)) - 0.5;
    const first = Math.floor(hours);
    const [before, after] = [this.#rate(subject, first), this.#rate(subject, first + 1)];
    if (before === undefined || after === undefined) return undefined;
    return before + (hours - first) * (after - before);
  }

  state(): BaselineState {
    return { minutes: [...this.#minutes], levels: structuredClone(this.#levels) };
  }

  #end(minute: Minute, elapsed: number, totals: TrafficTotals): void {
    const seconds = elapsed - minute.beganAt;
    if (seconds < SEEN_MIN || seconds > SEEN_MAX) return;
    const hour = Math.floor(this.#hourOf(minute.number)) % HOURS;
    this.#unquiet = minute.isQuiet ? 0 : this.#unquiet + 1;
    if (this.#unquiet === DAY) this.#forget();
    const patience = this.#isKnown(hour) ? DAY : HALF_HOUR;
    if (this.#unquiet > 0 && this.#unquiet < patience) return;
    const known = this.#minutes[hour] ?? 0;
    for (const subject of TRAFFIC_SUBJECTS) {
      const count = trafficOf(subject, totals) - trafficOf(subject, minute.totals);
      const levels = this.#levels[subject];
      const level = levels[hour] ?? 0;
      const step = Math.log1p(Math.max(0, count) / seconds) - level;
      const most = known < MINUTES_MIN ? Number.POSITIVE_INFINITY : STEP_MAX;
      levels[hour] = level + Math.max(-most, Math.min(most, step)) / Math.min(known + 1, MINUTES_MAX);
    }
    this.#minutes[hour] = Math.min(known + 1, MINUTES_MAX);
  }

  #forget(): void {
    this.#minutes.fill(0);
    this.#onNote("an incident has lasted for a day: its traffic is the usual one from now on");
  }

  #isKnown(hour: number): boolean {
    return (this.#minutes[hour] ?? 0) >= MINUTES_MIN;
  }

  #rate(subject: TrafficSubject, hour: number): number | undefined {
    const level = hourLevel(this.#levels[subject], hour, (other) => this.#isKnown(other));
    return level === undefined ? undefined : Math.expm1(level);
  }

  /** Returns the hours since the local week began on Sunday, with a fraction. */
  #hourOf(minute: number): number {
    const date = this.#localTime(minute * 60);
    return date.getUTCDay() * 24 + date.getUTCHours() + date.getUTCMinutes() / 60;
  }
}
