/**
 * The intervals of a report. There are at most 600: where packets span more, each two of them become one of twice the length.
 * Packets may come in any order.
 */
import { type HeaderColumns, MOST_PACKETS } from "../analysis/header-columns.ts";

export const MOST_INTERVALS = 600;
/** The place of packets without a time. */
export const NO_INTERVAL = 0xffff;

/** Intervals are a power of two of these units, so that those of a second and longer begin with whole seconds. */
const UNITS_PER_SECOND = 1024;
const UNITS_PER_NANOSECOND = UNITS_PER_SECOND / 1e9;

/** Something that is told for each interval. */
export interface IntervalSeries {
  /**
   * Follows a change of the intervals.
   *
   * @param places the new place of each old interval; several may become one
   */
  rearrange(places: Uint16Array): void;
}

export class Timeline {
  /** The intervals of the packets in the columns that were placed last. */
  readonly intervals = new Uint16Array(MOST_PACKETS);
  readonly #series: IntervalSeries[] = [];
  readonly #units = new Float64Array(MOST_PACKETS);
  /** Units of each interval. */
  #size = 1;
  /** Numbers of the first and the last interval, counted from the epoch. */
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  get intervalSeconds(): number {
    return this.#size / UNITS_PER_SECOND;
  }

  get count(): number {
    return this.#last < this.#first ? 0 : this.#last - this.#first + 1;
  }

  /** When the first interval begins, in seconds since the epoch; undefined where no packet has a time. */
  get begins(): number | undefined {
    return this.count === 0 ? undefined : this.#first * this.intervalSeconds;
  }

  follow(series: IntervalSeries): void {
    this.#series.push(series);
  }

  /** Finds the interval of each packet. */
  place(columns: HeaderColumns): void {
    const { count, hasTime, seconds, nanoseconds } = columns;
    const units = this.#units;
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < count; index++) {
      if (hasTime[index] === 0) continue;
      const unit =
        (seconds[index] ?? 0) * UNITS_PER_SECOND + Math.floor((nanoseconds[index] ?? 0) * UNITS_PER_NANOSECOND);
      units[index] = unit;
      if (unit < least) least = unit;
      if (unit > most) most = unit;
    }
    if (least > most) this.intervals.fill(NO_INTERVAL, 0, count);
    else this.#placeBetween(columns, least, most);
  }

  #placeBetween({ count, hasTime }: HeaderColumns, least: number, most: number): void {
    this.#include(least, most);
    const scale = 1 / this.#size;
    const first = this.#first;
    for (let index = 0; index < count; index++) {
      const place = Math.floor((this.#units[index] ?? 0) * scale) - first;
      this.intervals[index] = hasTime[index] === 0 ? NO_INTERVAL : place;
    }
  }

  #include(least: number, most: number): void {
    const [before, count] = [this.#first, this.count];
    let halvings = 0;
    let first = Math.min(this.#first, Math.floor(least / this.#size));
    let last = Math.max(this.#last, Math.floor(most / this.#size));
    while (last - first >= MOST_INTERVALS) {
      this.#size *= 2;
      halvings++;
      first = Math.floor(first / 2);
      last = Math.floor(last / 2);
    }
    this.#first = first;
    this.#last = last;
    if (count === 0 || (halvings === 0 && first === before)) return;
    const places = Uint16Array.from(
      { length: count },
      (_, place) => Math.floor((before + place) / 2 ** halvings) - first,
    );
    for (const series of this.#series) series.rearrange(places);
  }
}

/** Rows of numbers, each with one number for each interval. */
export class IntervalTable implements IntervalSeries {
  readonly #rows: number;
  /** The number of a row and an interval is at row * MOST_INTERVALS + interval. */
  values: Float64Array;

  constructor(rows: number) {
    this.#rows = rows;
    this.values = new Float64Array(rows * MOST_INTERVALS);
  }

  rearrange(places: Uint16Array): void {
    const values = new Float64Array(this.values.length);
    for (let row = 0; row < this.#rows; row++) {
      const at = row * MOST_INTERVALS;
      for (const [old, place] of places.entries()) {
        values[at + place] = (values[at + place] ?? 0) + (this.values[at + old] ?? 0);
      }
    }
    this.values = values;
  }

  /** The first numbers of a row. */
  row(row: number, count: number): number[] {
    return [...this.values.subarray(row * MOST_INTERVALS, row * MOST_INTERVALS + count)];
  }
}
