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
/** Packets that a stretch of intervals should have on average, so that chance does not look like a beginning. */
const ENOUGH = 20;
/**
 * How long the stretches of time are that are compared, at least: packets that waited during a stall of the machine and came
 * all at once are then in one stretch with the stall, and do not look like a peak. Shorter captures have at least so many stretches.
 */
const BRIDGED_SECONDS = 0.25;
const LEAST_STRETCHES = 8;
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
  const start = Date.parse(rates.begins) / MILLISECONDS;
  const { intervalSeconds } = rates;
  const { first, last } = extent(counts, intervalSeconds);
  // The capture may begin within the first interval and end within the last one.
  const earliest = Date.parse(span.first) / MILLISECONDS;
  const begin = Math.max(start + first * intervalSeconds, earliest);
  const end = Math.max(begin, Math.min(start + (last + 1) * intervalSeconds, earliest + span.seconds));
  return {
    begins: zonedTime(begin),
    ends: zonedTime(end),
    seconds: end - begin,
    peak: peakOf(counts, start, intervalSeconds, { first, last }),
  };
}

/**
 * The second of the clock with most packets, as `rates.peak` is of all classes, of those that have a part of the attack.
 * Intervals begin with whole seconds or divide them; of longer ones only the average is known.
 */
function peakOf(
  counts: readonly number[],
  start: number,
  intervalSeconds: number,
  { first, last }: { first: number; last: number },
): Verdict["peak"] {
  const unit = Math.max(1, intervalSeconds);
  const unitOf = (index: number) => Math.floor((start + index * intervalSeconds) / unit) * unit;
  const units = new Map<number, number>();
  for (const [index, count] of counts.entries()) units.set(unitOf(index), (units.get(unitOf(index)) ?? 0) + count);
  const within = [...units].filter(([time]) => time >= unitOf(first) && time <= unitOf(last));
  const [time, packets] = within.reduce((one, other) => (other[1] > one[1] ? other : one), [start, 0]);
  return { time: zonedTime(time), packetsPerSecond: packets / unit };
}

/** The first and the last interval that are above what is usual. */
function extent(counts: readonly number[], intervalSeconds: number): { first: number; last: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const enough = (ENOUGH * counts.length) / total;
  const bridging = Math.min(BRIDGED_SECONDS / intervalSeconds, counts.length / LEAST_STRETCHES);
  const wide = stretches(counts, 0, counts.length, Math.max(enough, bridging));
  const averages = wide.map(({ average }) => average).toSorted((one, other) => one - other);
  const usual = averages[Math.floor(averages.length * USUAL)] ?? 0;
  const highest = averages.at(-1) ?? 0;
  const least = highest < STANDS_OUT * usual ? 0 : usual + ABOVE_USUAL * (highest - usual);
  const isAbove = ({ average }: Stretch) => average > 0 && average >= least;
  // Within the wide stretches, short ones and the first and the last packet in them tell it more closely.
  const closely = (stretch: Stretch | undefined) => {
    const { from, until } = stretch ?? { from: 0, until: counts.length };
    return stretches(counts, from, until, enough).filter(isAbove);
  };
  const from = closely(wide.find(isAbove))[0]?.from ?? 0;
  const until = closely(wide.findLast(isAbove)).at(-1)?.until ?? counts.length;
  const first = counts.findIndex((count, index) => index >= from && count > 0);
  const last = counts.findLastIndex((count, index) => index < until && count > 0);
  return { first, last };
}

/** Neighbouring intervals, and the packets of each of them on average. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly average: number;
}

/** Parts of the intervals, alike in length, of at least so many intervals where there are as many. */
function stretches(counts: readonly number[], from: number, until: number, least: number): Stretch[] {
  const parts = Math.max(1, Math.floor((until - from) / Math.max(1, least)));
  const bound = (part: number) => from + Math.floor(((until - from) * part) / parts);
  return Array.from({ length: parts }, (_, part) => {
    const [start, end] = [bound(part), bound(part + 1)];
    const packets = counts.slice(start, end).reduce((sum, count) => sum + count, 0);
    return { from: start, until: end, average: packets / (end - start) };
  });
}
