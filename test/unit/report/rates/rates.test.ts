import { expect, it } from "vitest";
import type { HeaderColumns } from "../../../../src/report/analysis/header-columns.ts";
import { RateTable } from "../../../../src/report/rates/rate-table.ts";
import { MOST_INTERVALS, Timeline } from "../../../../src/report/rates/timeline.ts";
import { ethernet, ipv4, tcp } from "../../../support/frames.ts";
import { eachColumns, type TestPacket } from "../columns.ts";

const SYN = ethernet({ payload: ipv4({ payload: tcp() }) });

function ratesOf(times: readonly number[], more: readonly TestPacket[] = []) {
  const timeline = new Timeline();
  const rates = new RateTable(timeline);
  const take = (columns: HeaderColumns) => {
    timeline.place(columns);
    rates.add(columns);
  };
  // Portion by portion, so that the intervals change between them.
  for (const seconds of times) eachColumns([{ data: SYN, seconds }], take);
  eachColumns(more, take);
  return rates.report([]);
}

it("has intervals of a power of two of a second, so few that at most 600 are there", () => {
  for (const span of [0.1, 1, 5, 599, 601, 5000]) {
    const times = Array.from({ length: 200 }, (_, index) => 1_700_000_000 + (index * span) / 199);
    const { intervalSeconds, count, series } = ratesOf(times);
    expect(Number.isInteger(Math.log2(intervalSeconds))).toBe(true);
    expect(count).toBeLessThanOrEqual(MOST_INTERVALS);
    expect(count * intervalSeconds).toBeGreaterThanOrEqual(span);
    expect(series[0]?.packets.reduce((sum, value) => sum + value, 0)).toBe(200);
  }
});

it("says the same of packets in any order", () => {
  const times = Array.from({ length: 300 }, (_, index) => 1_700_000_000 + ((index * 7919) % 2000) / 3);
  const inOrder = ratesOf(times.toSorted((a, b) => a - b));
  expect(ratesOf(times)).toEqual(inOrder);
  expect(ratesOf(times.toReversed())).toEqual(inOrder);
});

it("bears times of any distance, before 1970 too, and leaves out packets without one", () => {
  const { count, series } = ratesOf([0, -5, 2 ** 62, 1_700_000_000, 1e19], [{ data: SYN, hasTime: false }]);
  expect(count).toBeLessThanOrEqual(MOST_INTERVALS);
  expect(series[0]?.packets.reduce((sum, value) => sum + value, 0)).toBe(5);
  expect(ratesOf([], [{ data: SYN, hasTime: false }])).toMatchObject({
    begins: null,
    count: 0,
    peak: null,
    series: [],
  });
});

it("finds the second with most packets", () => {
  const { peak } = ratesOf([100.1, 101.2, 101.9, 102.5, 101.3]);
  expect(peak).toMatchObject({ packetsPerSecond: 3, bitsPerSecond: 3 * SYN.length * 8 });
  expect(Date.parse(peak?.time ?? "")).toBe(101_000);
});
