import { describe, expect, test } from "vitest";
import { type ClockReading, EpochClock } from "../../../src/capture/epoch-clock.ts";

const EVERYTHING = 2n ** 64n - 1n;
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
  test("leaves the guard before now for the next time", () => {
    const clock = clockWith([0n, 500n], [10_000n, 500n]);
    expect(clock.window(3_000n)).toEqual({ until: 7_000n, epochOffset: 500n, beforeStep: false });
  });

  test("takes everything without a guard", () => {
    const clock = clockWith([0n, 500n], [10_000n, 500n]);
    expect(clock.window(undefined)).toEqual({ until: EVERYTHING, epochOffset: 500n, beforeStep: false });
  });

  test("follows the small changes of a clock that is being disciplined", () => {
    const clock = clockWith([0n, 0n], [1_000n, 1_000_000n], [2_000n, 2_000_000n], [3_000n, 1_000_000n]);
    expect(clock.window(0n)).toMatchObject({ epochOffset: 1_000_000n, beforeStep: false });
    expect(clock.window(0n)).toMatchObject({ epochOffset: 2_000_000n, beforeStep: false });
    expect(clock.window(0n)).toMatchObject({ epochOffset: 1_000_000n, beforeStep: false });
  });
});

describe.each([
  ["forwards", HOUR],
  ["backwards", -HOUR],
  ["by little more than a millisecond", 1_000_001n],
])("a clock that is set %s", (_, step) => {
  test("keeps the former time for records from before", () => {
    const clock = clockWith([0n, 500n], [10_000n, 500n + step], [11_000n, 500n + step], [13_500n, 500n + step]);
    // Nothing after the step is old enough yet.
    expect(clock.window(3_000n)).toEqual({ until: 7_000n, epochOffset: 500n, beforeStep: false });
    expect(clock.window(3_000n)).toEqual({ until: 8_000n, epochOffset: 500n, beforeStep: false });
    // What is left from before the step, and then what came after it.
    expect(clock.window(3_000n)).toEqual({ until: 10_000n, epochOffset: 500n, beforeStep: true });
  });

  test("has the new time once everything from before is taken", () => {
    const clock = clockWith([0n, 500n], [10_000n, 500n + step], [10_100n, 500n + step]);
    expect(clock.window(undefined)).toEqual({ until: 10_000n, epochOffset: 500n, beforeStep: true });
    clock.passStep();
    expect(clock.window(undefined)).toEqual({ until: EVERYTHING, epochOffset: 500n + step, beforeStep: false });
  });

  test("asks for the records from before again, for as long as they are not all taken", () => {
    const clock = clockWith([0n, 500n], [10_000n, 500n + step], [20_000n, 500n + step]);
    const before = { until: 10_000n, epochOffset: 500n, beforeStep: true };
    expect(clock.window(undefined)).toEqual(before);
    expect(clock.window(undefined)).toEqual(before);
  });
});

test("each of two steps in quick succession has the records from before it", () => {
  const clock = clockWith([0n, 0n], [10_000n, HOUR], [12_000n, 3n * HOUR], [20_000n, 3n * HOUR], [20_000n, 3n * HOUR]);
  expect(clock.window(5_000n)).toEqual({ until: 5_000n, epochOffset: 0n, beforeStep: false });
  expect(clock.window(2_000n)).toEqual({ until: 10_000n, epochOffset: 0n, beforeStep: true });
  clock.passStep();
  expect(clock.window(5_000n)).toEqual({ until: 12_000n, epochOffset: HOUR, beforeStep: true });
  clock.passStep();
  expect(clock.window(5_000n)).toEqual({ until: 15_000n, epochOffset: 3n * HOUR, beforeStep: false });
});
