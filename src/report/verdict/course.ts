/** When an attack began, was at its worst and ended, from the rates of its classes. */
import { zonedTime } from "../times.ts";
import type { PacketClass } from "../values.ts";
import type { Verdict } from "./verdict.ts";
import type { VerdictFacts } from "./verdict-facts.ts";

type Course = Pick<Verdict, "begins" | "ends" | "seconds" | "peak">;

/** The share of the way from what is usual to the peak, from which on an interval belongs to the attack. */
const ABOVE_USUAL = 0.15;
/** The share of the intervals that have no more than what is usual. */
const USUAL = 0.1;
/** Where the peak is less than so many times what is usual, all of the capture is of the attack. */
const STANDS_OUT = 3;
/** Packets that an interval should have on average, so that chance does not look like a beginning. */
const ENOUGH = 20;
const MILLISECONDS = 1000;

export function courseOf({ rates, span }: VerdictFacts, classes: readonly PacketClass[]): Course {
  const series = rates.series.filter((one) => classes.includes(one.class));
  const counts = Array.from({ length: rates.count }, (_, at) => {
    return series.reduce((sum, { packets }) => sum + (packets[at] ?? 0), 0);
  });
  const highest = Math.max(0, ...counts);
  if (rates.begins === null || span === null || highest === 0) {
    return { begins: null, ends: null, seconds: null, peak: null };
  }
  const { first, last } = extent(counts);
  const start = Date.parse(rates.begins) / MILLISECONDS;
  const { intervalSeconds } = rates;
  // The capture may begin within the first interval and end within the last one.
  const earliest = Date.parse(span.first) / MILLISECONDS;
  const begin = Math.max(start + first * intervalSeconds, earliest);
  const end = Math.max(begin, Math.min(start + (last + 1) * intervalSeconds, earliest + span.seconds));
  return {
    begins: zonedTime(begin),
    ends: zonedTime(end),
    seconds: end - begin,
    peak: peakOf(counts, start, intervalSeconds),
  };
}

/**
 * The second of the clock with most packets, as `rates.peak` is of all classes. Intervals begin with whole seconds or divide them;
 * of longer ones only the average is known.
 */
function peakOf(counts: readonly number[], start: number, intervalSeconds: number): Verdict["peak"] {
  const unit = Math.max(1, intervalSeconds);
  const units = new Map<number, number>();
  for (const [index, count] of counts.entries()) {
    const unitStart = Math.floor((start + index * intervalSeconds) / unit) * unit;
    units.set(unitStart, (units.get(unitStart) ?? 0) + count);
  }
  const [time, packets] = [...units].reduce((one, other) => (other[1] > one[1] ? other : one), [start, 0]);
  return { time: zonedTime(time), packetsPerSecond: packets / unit };
}

/** The first and the last interval that are above what is usual. */
function extent(counts: readonly number[]): { first: number; last: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const size = Math.max(1, Math.ceil((ENOUGH * counts.length) / total));
  const wide = Array.from({ length: Math.ceil(counts.length / size) }, (_, index) => {
    return counts.slice(index * size, (index + 1) * size).reduce((sum, count) => sum + count, 0);
  });
  const usual = wide.toSorted((one, other) => one - other)[Math.floor(wide.length * USUAL)] ?? 0;
  const highest = Math.max(...wide);
  const isAll = highest < STANDS_OUT * usual;
  const least = isAll ? 1 : Math.max(1, usual + ABOVE_USUAL * (highest - usual));
  const from = wide.findIndex((count) => count >= least) * size;
  const until = Math.min(counts.length, (wide.findLastIndex((count) => count >= least) + 1) * size);
  // Within wide intervals the first and the last packets tell it more closely.
  const first = counts.findIndex((count, index) => index >= from && count > 0);
  const last = counts.findLastIndex((count, index) => index < until && count > 0);
  return { first, last };
}
