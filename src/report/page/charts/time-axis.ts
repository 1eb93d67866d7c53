/** The axis of time that all charts over time share. Places on it are shares of its width in percent. */

import type { Rates } from "../../report.ts";
import { epochMilliseconds, zoneName, zoneOffset } from "../../words/times.ts";

const MILLISECONDS = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
} as const;
/** Lengths between ticks that read well. */
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * MILLISECONDS.second),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MILLISECONDS.minute),
  ...[1, 2, 3, 6, 12].map((hours) => hours * MILLISECONDS.hour),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * MILLISECONDS.day),
  ...[2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].map((years) => years * 365 * MILLISECONDS.day),
];
/** The end of the year 9999. A file may state later times, which have no tick. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59);
/** So many labels fit a page of 400 pixels. */
const TICKS_AT_MOST = 5;

export interface Tick {
  /** Intervals since the beginning, with fractions. */
  readonly at: number;
  readonly label: string;
}

export class TimeAxis {
  /** Milliseconds since the epoch at which the first interval begins, counted in local time. */
  readonly begins: number;
  readonly zone: string;
  readonly intervalSeconds: number;
  /** Intervals. */
  readonly count: number;
  /** Of the first interval: a clock that is set to summer time in between moves no tick. */
  readonly #zoneOffset: number;

  /** @throws RangeError where the rates have no times: such a report has no charts over time */
  constructor({ begins, intervalSeconds, count }: Pick<Rates, "begins" | "intervalSeconds" | "count">) {
    const start = begins === null ? null : epochMilliseconds(begins);
    if (begins === null || start === null) throw new RangeError("rates without times have no axis of time");
    this.#zoneOffset = zoneOffset(begins);
    this.begins = start + this.#zoneOffset;
    this.zone = zoneName(begins);
    this.intervalSeconds = intervalSeconds;
    this.count = count;
  }

  /** Where a time is, in intervals since the beginning; null of a text that is no time. */
  place(time: string): number | null {
    const milliseconds = epochMilliseconds(time);
    if (milliseconds === null) return null;
    const at = (milliseconds + this.#zoneOffset - this.begins) / (this.intervalSeconds * 1000);
    return Math.max(0, Math.min(this.count, at));
  }

  percent(at: number): string {
    return `${Number(((at / this.count) * 100).toFixed(2))}%`;
  }

  ticks(): Tick[] {
    const interval = this.intervalSeconds * 1000;
    const length = interval * this.count;
    const step = STEPS.find((one) => length / one <= TICKS_AT_MOST) ?? length;
    const ticks: Tick[] = [];
    const last = Math.min(this.begins + length, LATEST);
    for (let time = Math.ceil(this.begins / step) * step; time <= last; time += step) {
      ticks.push({ at: (time - this.begins) / interval, label: tickLabel(time, step) });
    }
    return ticks;
  }
}

function tickLabel(time: number, step: number): string {
  const text = new Date(time).toISOString();
  if (step >= MILLISECONDS.day) return text.slice(0, 10);
  if (step >= MILLISECONDS.minute) return text.slice(11, 16);
  return step >= MILLISECONDS.second ? text.slice(11, 19) : text.slice(14, 23);
}
