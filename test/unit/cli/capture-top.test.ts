import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CaptureTop } from "../../../src/cli/capture-top.ts";
import type { TrafficCounts, TrafficKey } from "../../../src/packets/index.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv("TZ", "UTC");
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const NOON = Date.UTC(2026, 2, 1, 12) / 1000;

/** A capture of which so many packets have come when each second is over. */
function topOf(packets: readonly number[], keys: Partial<Record<TrafficKey, Readonly<Record<string, number>>>>) {
  let second = 0;
  const tables = new Map(
    Object.entries(keys).map(([kind, counts]) => {
      const entries = Object.entries(counts).map(([key, count]) => {
        return { key, packets: count, bytes: 0, syns: 0, error: 0, standardError: 0 };
      });
      return [kind as TrafficKey, { entries, evicted: 0, missedAtMost: 0, oneIn: 1 }];
    }),
  );
  const counts = {
    totals: () => ({ packets: packets[second - 1] ?? packets.at(-1) ?? 0 }),
    window: () => ({ beganAt: 0n, seconds: 1, tables }),
  } as unknown as TrafficCounts;
  const top = new CaptureTop(counts, { elapsed: () => second, time: () => NOON + second });
  const last = (seconds: number) => {
    for (const end = second + seconds; second < end; ) {
      second++;
      vi.advanceTimersByTime(1000);
    }
  };
  return { top, last };
}

test("the end of a capture names its busiest second, and the keys with a hundredth of the packets", () => {
  const { top, last } = topOf([10, 1_204_344, 1_204_400], {
    src: { "198.51.100.7": 145_732, "203.0.113.9": 24_088, "203.0.113.10": 9000 },
    "dst-port": { "443": 1_202_000 },
  });
  last(3);
  expect(top.end()).toEqual([
    "peak 1,204,334 packets/s at 12:00:01",
    "top sources 198.51.100.7 12.1 %, 203.0.113.9 2.0 %",
    "top ports 443 99.8 %",
  ]);
});

test("sources without a heavy one among them are told as such, and no ports where packets have none", () => {
  const { top, last } = topOf([100_000], { src: { "192.0.2.1": 900 }, "dst-port": {} });
  last(1);
  expect(top.end()).toEqual(["peak 100,000 packets/s at 12:00:00", "no dominant source"]);
});

test("a part of a second is no busy one, and a peak of another day has its date", () => {
  const { top, last } = topOf([5], {});
  last(13 * 3600);
  expect(top.end()).toEqual(["peak 5 packets/s at 2026-03-01 12:00:00"]);
  expect(topOf([0], {}).top.end()).toEqual([]);
  // At the end, nothing of a whole second has passed.
  expect(topOf([7], {}).top.end()).toEqual(["peak 7 packets/s at 12:00:00"]);
  expect(topOf([1], {}).top.end()).toEqual(["peak 1 packet/s at 12:00:00"]);
});
