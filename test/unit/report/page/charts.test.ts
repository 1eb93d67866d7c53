import { describe, expect, test } from "vitest";
import { niceMaximum, stepPath } from "../../../../src/report/page/charts/steps.ts";
import { TimeAxis } from "../../../../src/report/page/charts/time-axis.ts";

describe("a line of steps", () => {
  test("goes up by the numbers, and along by how often each comes", () => {
    expect(stepPath([3, 3, 0, 12], 24)).toBe("M0 0V-125h2V0h1V-500h1V0");
  });

  test("is in thousandths of its scale, whatever the numbers are", () => {
    expect(stepPath([412_377, 14, 0.1], 600_000)).toBe("M0 0V-687h1V-0.023h1V0h1V0");
    expect(stepPath([Number.MAX_SAFE_INTEGER], 1e16)).toBe("M0 0V-901h1V0");
  });

  test("of nothing is at its beginning", () => {
    expect(stepPath([], 1)).toBe("M0 0");
  });
});

test.each([
  [0, 1],
  [1, 1],
  [1.01, 2],
  [410_000, 600_000],
  [1e9, 1e9],
  [8.5, 10],
  [Number.NaN, 1],
])("the scale for %s ends at %s", (largest, end) => {
  expect(niceMaximum(largest)).toBe(end);
});

describe("the axis of time", () => {
  const axis = new TimeAxis({ begins: "2026-11-28T23:59:30.500000000+01:00", intervalSeconds: 1, count: 60 });

  test("has local times at round places", () => {
    expect(axis.ticks()).toEqual([
      { at: 14.5, label: "23:59:45" },
      { at: 29.5, label: "00:00:00" },
      { at: 44.5, label: "00:00:15" },
      { at: 59.5, label: "00:00:30" },
    ]);
  });

  test("finds the place of a time of whatever zone, within the chart", () => {
    expect(axis.place("2026-11-28T23:00:00.500Z")).toBe(30);
    expect(axis.place("2026-11-29T00:00:00.500+01:00")).toBe(30);
    expect(axis.place("2026-11-27T00:00:00Z")).toBe(0);
    expect(axis.place("2027-01-01T00:00:00Z")).toBe(60);
    expect(axis.place("noon")).toBeNull();
  });

  test("of more years than Date knows has its ticks until the year 9999", () => {
    const some = new TimeAxis({ begins: "1970-01-01T00:00:00.000000000+00:00", intervalSeconds: 2 ** 35, count: 537 });
    expect(some.ticks()).toEqual([{ at: 0, label: "1970-01-01" }]);
  });

  test("of decades has a tick every few years", () => {
    const some = new TimeAxis({
      begins: "1970-01-01T00:00:00.000000000+00:00",
      intervalSeconds: 86_400,
      count: 50 * 365,
    });
    expect(some.ticks().map(({ label }) => label.slice(0, 4))).toEqual([
      "1970",
      "1979",
      "1989",
      "1999",
      "2009",
      "2019",
    ]);
  });

  test.each([1e-6, 0.01, 1, 7, 3600, 86_400, 1e9, 5e8])("has a few ticks with intervals of %s s", (intervalSeconds) => {
    const some = new TimeAxis({ begins: "0001-01-01T00:00:00.000000000+00:00", intervalSeconds, count: 600 });
    const ticks = some.ticks();
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.every(({ at }) => at >= 0 && at <= 600)).toBe(true);
  });
});
