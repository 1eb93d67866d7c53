/** Whole weeks of a host, at the rule `8x`. */
import { expect, test } from "vitest";
import { DAY, evenRate, HOUR, SimulatedHost, WEEK } from "./simulated-host.ts";

const THREE_AT_NIGHT = 3 * HOUR;

test("daily swings of 20x are no flood in four weeks, and eight times as much at night is one", () => {
  const host = new SimulatedHost({ beginsAt: 8 * HOUR }).live({ seconds: 4 * WEEK });
  expect(host.firedAt).toEqual([]);
  expect(host.highest).toBeLessThan(6);
  expect(host.usualAt(4 * WEEK + THREE_AT_NIGHT) / evenRate(THREE_AT_NIGHT)).toBeCloseTo(1, 1);

  const begin = 5 * WEEK + THREE_AT_NIGHT;
  host.live({ seconds: begin - host.elapsed }).live({ seconds: 60, factor: () => 1 + 8 });
  expect(host.firedAt[0]).toBe(begin + 20);
});

test("traffic that grows by a fifth every week is no flood", () => {
  const host = new SimulatedHost().live({ seconds: 6 * WEEK, factor: (elapsed) => 1.2 ** (elapsed / WEEK) });
  expect(host.firedAt).toEqual([]);
});

test("outliers and incidents are not learnt", () => {
  const isBurst = (elapsed: number) => elapsed > DAY && elapsed % (3 * HOUR) < 120;
  const host = new SimulatedHost().live({ seconds: 2 * WEEK, factor: (elapsed) => (isBurst(elapsed) ? 50 : 1) });
  expect(host.firedAt.length).toBeGreaterThan(0);
  expect(host.firedAt.every((elapsed) => isBurst(elapsed))).toBe(true);
  for (let hour = 0; hour < 168; hour++) {
    const elapsed = 2 * WEEK + (hour + 0.5) * HOUR;
    const ratio = host.usualAt(elapsed) / evenRate(elapsed);
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.4);
  }
});

test.each([3, 8])(
  "a start at %i o'clock on a Monday gives no false alarm in its first week, and sees a flood in its first hour",
  (hour) => {
    const host = new SimulatedHost({ beginsAt: hour * HOUR });
    host.live({ seconds: HOUR / 2 }).live({ seconds: 60, factor: () => 20 });
    expect(host.firedAt.length).toBeGreaterThan(0);
    const fired = host.firedAt.length;
    host.live({ seconds: WEEK });
    expect(host.firedAt).toHaveLength(fired);
  },
);

test.each([-HOUR, HOUR])("clocks that are put ahead or back by %i seconds give no false alarm", (shift) => {
  let isShifted = false;
  const localTime = (second: number) => new Date((second + (isShifted ? shift : 0)) * 1000);
  const host = new SimulatedHost({ localTime }).live({ seconds: 10 * DAY });
  isShifted = true;
  host.live({ seconds: 4 * DAY });
  expect(host.firedAt).toEqual([]);
});
