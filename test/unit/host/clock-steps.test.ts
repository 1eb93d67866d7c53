import { describe, expect, test } from "vitest";
import { ClockSteps } from "../../../src/host/clock-steps.ts";

const HOUR = 3_600_000_000_000n;

/** A clock of which each call of step() takes the next reading; the first is that of the start. */
function clockWith(...readings: readonly bigint[]): ClockSteps {
  const left = [...readings];
  return new ClockSteps(() => {
    const epochOffset = left.shift();
    if (epochOffset === undefined) throw new Error("no reading is left");
    return { epochOffset };
  });
}

test("a clock that nobody sets has the offset of the start", () => {
  const clock = clockWith(500n, 500n);
  expect(clock.epochOffset).toBe(500n);
  expect(clock.step()).toBeUndefined();
});

test("what two readings differ by is no step", () => {
  const clock = clockWith(0n, 4_000n, -4_000n, 4_999n);
  for (let i = 0; i < 3; i++) expect(clock.step()).toBeUndefined();
  expect(clock.epochOffset).toBe(0n);
});

describe.each([
  ["forwards", HOUR],
  ["backwards", -HOUR],
  ["by some microseconds", 10_000n],
])("a clock that is set %s", (_, step) => {
  test("says so until that is accepted", () => {
    const clock = clockWith(500n, 500n + step, 500n + step, 500n + step);
    expect(clock.step()).toBe(500n + step);
    expect(clock.step()).toBe(500n + step);
    clock.accept(500n + step);
    expect(clock.step()).toBeUndefined();
    expect(clock.epochOffset).toBe(500n + step);
  });
});

test("a second step before the first was accepted takes its place", () => {
  const clock = clockWith(0n, HOUR, 3n * HOUR);
  expect(clock.step()).toBe(HOUR);
  expect(clock.step()).toBe(3n * HOUR);
});
