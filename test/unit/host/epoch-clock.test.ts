import { describe, expect, test } from "vitest";
import { type ClockReading, EpochClock } from "../../../src/host/epoch-clock.ts";

const HOUR = 3_600_000_000_000n;

/** A clock of which each call of window() takes the next reading; the first is that of the start. */
function clockWith(...readings: readonly [bigint, bigint][]): EpochClock {
  const left = readings.map(([monotonic, epochOffset]): ClockReading => ({ monotonic, epochOffset }));
  return new EpochClock(() => {
    const reading = left.shift();
    if (reading === undefined) throw new Error("no reading left");
    return reading;
  });
}

describe("a clock that nobody sets", () => {
  test("takes what was stamped up to now", () => {
    const clock = clockWith([0n, 500n], [10_000n, 500n]);
    expect(clock.window()).toEqual({ until: 10_000n, epochOffset: 500n, beforeStep: false });
  });

  test("follows the small changes of a clock that is being disciplined", () => {
    const clock = clockWith([0n, 0n], [1_000n, 1_000_000n], [2_000n, 2_000_000n], [3_000n, 1_000_000n]);
    expect(clock.window()).toMatchObject({ epochOffset: 1_000_000n, beforeStep: false });
    expect(clock.window()).toMatchObject({ epochOffset: 2_000_000n, beforeStep: false });
    expect(clock.window()).toMatchObject({ epochOffset: 1_000_000n, beforeStep: false });
  });
});

describe.each([
  ["forwards", HOUR],
  ["backwards", -HOUR],
  ["by little more than a millisecond", 1_000_001n],
])("a clock that is set %s", (_, step) => {
  test("has the new time once everything from before is taken", () => {
    const clock = clockWith([0n, 500n], [10_000n, 500n + step], [10_100n, 500n + step]);
    expect(clock.window()).toEqual({ until: 10_000n, epochOffset: 500n, beforeStep: true });
    clock.passStep();
    expect(clock.window()).toEqual({ until: 10_100n, epochOffset: 500n + step, beforeStep: false });
  });

  test("asks for the records from before again, for as long as they are not all taken", () => {
    const clock = clockWith([0n, 500n], [10_000n, 500n + step], [20_000n, 500n + step]);
    const before = { until: 10_000n, epochOffset: 500n, beforeStep: true };
    expect(clock.window()).toEqual(before);
    expect(clock.window()).toEqual(before);
  });
});

test("each of two steps in quick succession has the records from before it", () => {
  const clock = clockWith([0n, 0n], [10_000n, HOUR], [12_000n, 3n * HOUR], [13_000n, 3n * HOUR], [20_000n, 3n * HOUR]);
  expect(clock.window()).toEqual({ until: 10_000n, epochOffset: 0n, beforeStep: true });
  expect(clock.window()).toEqual({ until: 10_000n, epochOffset: 0n, beforeStep: true });
  clock.passStep();
  expect(clock.window()).toEqual({ until: 12_000n, epochOffset: HOUR, beforeStep: true });
  clock.passStep();
  expect(clock.window()).toEqual({ until: 20_000n, epochOffset: 3n * HOUR, beforeStep: false });
});
