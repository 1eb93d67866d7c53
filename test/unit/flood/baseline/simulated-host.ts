/** The traffic of a host over weeks, by a clock of its own: daily swings, quieter weekends, noise and bursts. */
import { Baseline, type BaselineOptions } from "../../../../src/flood/baseline/baseline.ts";
import { parseTrigger } from "../../../../src/flood/triggers/parse-trigger.ts";
import { TriggerSet } from "../../../../src/flood/triggers/trigger-set.ts";
import { random } from "../../../support/random.ts";
import { MONDAY, observationAt } from "../observations.ts";

export const HOUR = 3600;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;
/** Seconds between two looks. */
const TICK = 20;
const BUSIEST_HOUR = 15;
const WEEKEND = 0.5;
/** Standard deviations, of natural logarithms: of one look, and of a wave that lasts for some ten minutes. */
const NOISE = 0.2;
const WAVE = 0.2;
const WAVE_LASTS = 600;

/** Packets a second at night, and so many times more at the busiest hour of a working day. */
const NIGHT = 500;
const SWING = 20;

export interface Life {
  readonly seconds: number;
  /** So many times the usual traffic. @param elapsed seconds since the Monday of the beginning, 00:00 */
  readonly factor?: (elapsed: number) => number;
}

export class SimulatedHost {
  readonly baseline: Baseline;
  elapsed: number;
  /** Seconds since the Monday of the beginning at which a rule held. */
  readonly firedAt: number[] = [];
  /** The greatest multiple of the usual rate that a look had. */
  highest = 0;
  readonly #triggers: TriggerSet;
  readonly #next = random(42);
  #packets = 0;
  #wave = 0;

  constructor({
    rule = "8x above 1000/s",
    beginsAt = 0,
    ...options
  }: BaselineOptions & { rule?: string; beginsAt?: number } = {}) {
    this.elapsed = beginsAt;
    this.baseline = new Baseline({ localTime: (second) => new Date(second * 1000), ...options });
    this.#triggers = new TriggerSet([parseTrigger(rule)], this.baseline);
  }

  live({ seconds, factor = () => 1 }: Life): this {
    for (const end = this.elapsed + seconds; this.elapsed < end; ) {
      this.elapsed += TICK;
      const rate = evenRate(this.elapsed) * Math.exp(this.#noise()) * factor(this.elapsed);
      this.#packets += Math.round(rate * TICK);
      const observation = observationAt({ elapsed: this.elapsed, totals: { packets: this.#packets } });
      const usual = this.baseline.usual("packets", observation.time);
      const isFiring = this.#triggers.observe(observation).length > 0;
      if (isFiring) this.firedAt.push(this.elapsed);
      this.baseline.learn(observation, isFiring);
      if (usual !== undefined) this.highest = Math.max(this.highest, rate / usual);
    }
    return this;
  }

  usualAt(elapsed: number): number {
    return this.baseline.usual("packets", MONDAY + BigInt(elapsed) * 1_000_000_000n) ?? Number.NaN;
  }

  #noise(): number {
    const part = TICK / WAVE_LASTS;
    this.#wave = this.#wave * (1 - part) + WAVE * Math.sqrt(2 * part) * this.#normal();
    return this.#wave + NOISE * this.#normal();
  }

  /** A normal deviate (Box and Muller). */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#next())) * Math.cos(2 * Math.PI * this.#next());
  }
}

/** Packets a second, without noise. */
export function evenRate(elapsed: number): number {
  const isWeekend = Math.floor(elapsed / DAY) % 7 >= 5;
  const day = (1 + Math.cos((2 * Math.PI * (elapsed / HOUR - BUSIEST_HOUR)) / 24)) / 2;
  return NIGHT * SWING ** day * (isWeekend ? WEEKEND : 1);
}
