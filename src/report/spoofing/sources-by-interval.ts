/** How many sources were seen in each interval, and how many of them for the first time. */
import { type IntervalSeries, IntervalTable, MOST_INTERVALS } from "../rates/timeline.ts";
import { HyperLogLog } from "../sketches/hyper-log-log.ts";

/** 1024 registers: a standard error of 3.3 %, and less than one source where there are few. */
const BITS = 10;

export class SourcesByInterval implements IntervalSeries {
  #seen: (HyperLogLog | undefined)[] = [];
  readonly #firstSeen = new IntervalTable(1);

  /** @param grows by how many sources the number of all grows, as nearly as that is known */
  add(interval: number, hash: number, grows: number): void {
    const { values } = this.#firstSeen;
    values[interval] = (values[interval] ?? 0) + grows;
    this.#of(interval).add(hash);
  }

  #of(interval: number): HyperLogLog {
    const known = this.#seen[interval];
    if (known !== undefined) return known;
    const made = new HyperLogLog(BITS);
    this.#seen[interval] = made;
    return made;
  }

  /** Takes what another one of the same timeline has. Sources that both saw count as new twice. */
  merge(other: SourcesByInterval): void {
    other.#seen.forEach((sources, interval) => {
      if (sources !== undefined) this.#of(interval).merge(sources);
    });
    const { values } = this.#firstSeen;
    for (let place = 0; place < MOST_INTERVALS; place++) {
      values[place] = (values[place] ?? 0) + (other.#firstSeen.values[place] ?? 0);
    }
  }

  rearrange(places: Uint16Array): void {
    this.#firstSeen.rearrange(places);
    const before = this.#seen;
    this.#seen = [];
    before.forEach((sources, old) => {
      const place = places[old];
      if (sources === undefined || place === undefined) return;
      const known = this.#seen[place];
      if (known === undefined) this.#seen[place] = sources;
      else known.merge(sources);
    });
  }

  /** Sources that were seen in each of the first intervals. */
  seen(count: number): number[] {
    return Array.from({ length: count }, (_, interval) => Math.round(this.#seen[interval]?.estimate() ?? 0));
  }

  /** Sources that were first seen in each of the first intervals, which together are as many as all sources. */
  firstSeen(count: number, sources: number): number[] {
    const numbers = this.#firstSeen.row(0, count);
    const sum = numbers.reduce((all, number) => all + number, 0);
    let reached = 0;
    let told = 0;
    return numbers.map((number) => {
      reached += number;
      const before = told;
      told = sum === 0 ? 0 : Math.round((reached / sum) * sources);
      return told - before;
    });
  }
}
