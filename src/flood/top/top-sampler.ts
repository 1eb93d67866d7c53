/** Turns the counts of a capture into one view for each interval. */
import type { TrafficCounts, TrafficTotals, TrafficWindow } from "../../packets/traffic-counts.ts";

export interface TopView extends TrafficWindow {
  /** What was counted during the window. */
  readonly totals: TrafficTotals;
  /** Packets a second of the last windows, the present one last. */
  readonly history: readonly number[];
}

/** More bars than a terminal has columns. */
const HISTORY_MAX = 500;

export class TopSampler {
  readonly #counts: TrafficCounts;
  #before: TrafficTotals;
  #history: readonly number[] = [];
  /** Packets a second of the busiest window. */
  peak = 0;

  constructor(counts: TrafficCounts) {
    this.#counts = counts;
    this.#before = counts.totals();
    // The first window begins here too, and not when the programs were loaded.
    counts.nextWindow(0);
  }

  /** Ends the running window. @param most entries of each table */
  next(most: number): TopView {
    // The window ends at the beginning of the next call, which then takes its time to read the tables.
    const now = this.#counts.totals();
    const window = this.#counts.nextWindow(most);
    const totals = difference(now, this.#before);
    this.#before = now;
    const rate = window.seconds > 0 ? totals.packets / window.seconds : 0;
    this.peak = Math.max(this.peak, rate);
    this.#history = [...this.#history, rate].slice(-HISTORY_MAX);
    return { ...window, totals, history: this.#history };
  }
}

function difference(now: TrafficTotals, before: TrafficTotals): TrafficTotals {
  const changed = { ...now };
  for (const name of Object.keys(now) as (keyof TrafficTotals)[]) changed[name] -= before[name];
  return changed;
}
