import { expect, test } from "vitest";
import { courseOf } from "../../../../src/report/verdict/course.ts";
import type { VerdictFacts } from "../../../../src/report/verdict/verdict-facts.ts";

const BEGINNING = Date.parse("2026-01-01T00:00:00Z") / 1000;
const INTERVAL = 1 / 256;

/** The facts of a course: packets at each millisecond, some of which wait until the others of their stall are there. */
function course(seconds: number, rateAt: (second: number) => number, stalls: readonly [number, number][]) {
  const packets = Array.from({ length: Math.round(seconds / INTERVAL) }, () => 0);
  for (let millisecond = 0; millisecond < seconds * 1000; millisecond++) {
    const at = millisecond / 1000;
    const stall = stalls.find(([from, until]) => at >= from && at < until);
    const interval = Math.floor((stall?.[1] ?? at) / INTERVAL);
    packets[interval] = (packets[interval] ?? 0) + rateAt(at) / 1000;
  }
  const time = (second: number) => new Date((BEGINNING + second) * 1000).toISOString();
  const facts = {
    span: { first: time(0), last: time(seconds), seconds },
    rates: {
      begins: time(0),
      intervalSeconds: INTERVAL,
      count: packets.length,
      series: [{ class: "syn", packets, bytes: packets }],
    },
  };
  const { begins, ends, peak } = courseOf(facts as unknown as VerdictFacts, ["syn"]);
  const second = (text = "") => Date.parse(text) / 1000 - BEGINNING;
  return { begins: second(begins ?? ""), ends: second(ends ?? ""), peak: second(peak?.time) };
}

test.for<[string, readonly [number, number][]]>([
  ["none", []],
  ["40 ms", [[0.2, 0.24]]],
  [
    "several",
    [
      [0.2, 0.284],
      [0.36, 0.444],
    ],
  ],
])("a steady flood lasts as long as its capture, with stalls: %s", ([, stalls]) => {
  expect(course(2, () => 10_000, stalls)).toEqual({ begins: 0, ends: 2, peak: expect.toBeOneOf([0, 1]) });
});

test("a flood that rises from usual traffic begins and ends within a few milliseconds of what is so", () => {
  const flood = (second: number) => (second >= 1.1 && second < 3.3 ? 20_000 : 2000);
  const { begins, ends, peak } = course(5, flood, [[2, 2.1]]);
  expect([begins, ends]).toEqual([expect.closeTo(1.1, 1), expect.closeTo(3.3, 1)]);
  expect(peak).toBe(2);
});

test("the peak is a second that has a part of the attack, though another one has more packets", () => {
  const rates = (second: number) => (Math.floor(second) !== 2 ? 4000 : second >= 2.5 && second < 2.75 ? 13_000 : 0);
  expect(course(10, rates, [])).toEqual({ begins: 2.5, ends: 2.75, peak: 2 });
});
