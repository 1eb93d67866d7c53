import { expect, test } from "vitest";
import { Baseline, type BaselineOptions } from "../../../../src/flood/baseline/baseline.ts";
import { hourLevel } from "../../../../src/flood/baseline/hour-level.ts";
import { NO_TOTALS } from "../../../../src/flood/watched-counts.ts";
import { MONDAY, observationAt } from "../observations.ts";

const localTime = (second: number) => new Date(second * 1000);
const HOUR = 3600;
const DAY = 24 * HOUR;

/** Looks at a host every ten seconds, whose rate is even. */
class EvenHost {
  readonly baseline: Baseline;
  readonly notes: string[] = [];
  elapsed = 0;
  #packets = 0;

  constructor(options: BaselineOptions = {}) {
    this.baseline = new Baseline({ localTime, onNote: (note) => this.notes.push(note), ...options });
  }

  live(seconds: number, rate: number, inIncident = false, clock = 0): this {
    for (const end = this.elapsed + seconds; this.elapsed < end; ) {
      this.elapsed += 10;
      this.#packets += rate * 10;
      const observation = observationAt({
        elapsed: this.elapsed,
        totals: { packets: this.#packets, syn: this.#packets / 2 },
      });
      this.baseline.learn({ ...observation, time: observation.time + BigInt(clock) * 1_000_000_000n }, inIncident);
    }
    return this;
  }

  /** The usual packets a second at this moment, or so many seconds later. */
  usual(later = 0): number | undefined {
    const usual = this.baseline.usual("packets", MONDAY + BigInt(this.elapsed + later) * 1_000_000_000n);
    return usual === undefined ? undefined : Math.round(usual);
  }

  /** The counters begin anew, as those of another capture. */
  restartCounters(): this {
    this.#packets = 0;
    return this;
  }
}

test("nothing is usual before five minutes are learnt", () => {
  const host = new EvenHost().live(5 * 60 - 10, 700);
  expect(host.usual()).toBeUndefined();
  expect(host.live(120, 700).usual()).toBe(700);
  expect(host.usual(4 * DAY)).toBe(700);
});

test("each kind of traffic has a usual rate", () => {
  const { baseline } = new EvenHost().live(HOUR, 700);
  expect(baseline.usual("syn", MONDAY)).toBeCloseTo(350);
  expect(baseline.usual("bytes", MONDAY)).toBe(0);
});

test("a single minute moves the usual rate by little", () => {
  const host = new EvenHost().live(HOUR / 2, 100).live(60, 1_000_000);
  expect(host.usual()).toBeLessThan(106);
});

test("numbers that change in place are told apart", () => {
  const { baseline } = new EvenHost();
  const totals = { ...NO_TOTALS };
  for (let elapsed = 0; elapsed < HOUR; elapsed += 10) {
    baseline.learn({ ...observationAt({ elapsed }), totals }, false);
    totals.packets += 1000;
  }
  expect(baseline.usual("packets", MONDAY)).toBeCloseTo(100);
});

test("an incident is not learnt", () => {
  const host = new EvenHost().live(HOUR, 100).live(6 * HOUR, 50_000, true);
  expect(host.usual(-6 * HOUR - HOUR / 2)).toBe(100);
  expect(host.live(HOUR, 100).usual(-HOUR / 2)).toBeLessThan(110);
});

test("an hour that is not known is learnt after half an hour of an incident", () => {
  const host = new EvenHost().live(HOUR, 100).live(HOUR / 2, 9000, true);
  expect(host.usual()).toBe(100);
  expect(host.live(10 * 60, 9000, true).usual(HOUR)).toBe(9000);
});

test("an incident of a day is the new usual, and a note says so", () => {
  const host = new EvenHost().live(7 * DAY, 100).live(DAY - HOUR, 5000, true);
  expect(host.usual()).toBe(100);
  expect(host.notes).toEqual([]);
  host.live(2 * HOUR, 5000, true);
  expect(host.notes).toEqual([expect.stringMatching(/has lasted for a day/)]);
  expect(host.usual(3 * DAY)).toBe(5000);
});

test("what was learnt survives a restart", () => {
  const before = new EvenHost().live(DAY, 800);
  const { baseline } = new EvenHost({ state: before.baseline.state() });
  expect(baseline.usual("packets", MONDAY)).toBeCloseTo(800);
});

test("a minute in which the counters begin anew is not learnt", () => {
  const host = new EvenHost()
    .live(HOUR + 30, 5000)
    .restartCounters()
    .live(30, 5000);
  expect(host.live(HOUR, 5000).usual(-HOUR / 2)).toBe(5000);
});

test("a minute that was not seen as a whole is not learnt, as after a long pause", () => {
  const host = new EvenHost().live(HOUR, 100);
  host.elapsed += 5 * DAY;
  const { minutes } = host.baseline.state();
  host.live(20, 100);
  expect(host.baseline.state().minutes).toEqual(minutes);
});

test("a clock that steps by years changes hours, and no rates", () => {
  const host = new EvenHost().live(HOUR, 100);
  for (const years of [-30, 10, -3, 0.1]) host.live(600, 100, false, Math.round(years * 365.25 * DAY));
  expect(host.live(DAY, 100).usual()).toBe(100);
});

test.each([
  ["the hour itself", [3, 2, 4], 1],
  ["the higher of its neighbours", [2, 4, 50], 4],
  ["the same hour of another day", [3 + 72, 50], 9],
  ["the highest of all", [50, 60], 8],
  ["none", [], undefined],
])("the level of an hour is that of %s", (_, known, expected) => {
  const levels = Array.from({ length: 168 }, () => 100);
  for (const [hour, level] of [
    [3, 1],
    [2, 2],
    [4, 4],
    [3 + 72, 9],
    [50, 7],
    [60, 8],
  ] as const)
    levels[hour] = level;
  for (const hour of [3, 3 - 168])
    expect(hourLevel(levels, hour, (one) => (known as readonly number[]).includes(one))).toBe(expected);
});
