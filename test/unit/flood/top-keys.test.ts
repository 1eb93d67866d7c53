import { expect, test } from "vitest";
import { TopKeys } from "../../../src/flood/top-keys.ts";
import type { TrafficWindow } from "../../../src/packets/traffic-counts.ts";

/** @param error of the key "gone" */
function windowOf(packets: Readonly<Record<string, number>>, missedAtMost: number, error = 0): TrafficWindow {
  const entries = Object.entries(packets)
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => ({ key, packets: count, bytes: 0, syns: 0, error: key === "gone" ? error : 0 }));
  return { beganAt: 0n, seconds: 1, tables: new Map([["src", { entries, evicted: 0, missedAtMost }]]) };
}

/** Keys with 11 packets each, and none twice. */
function crowd(window: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: 700 }, (_, key) => [`${window}-${key}`, 11]));
}

test("a key that was let go has no more packets than the list says it may have", () => {
  const top = new TopKeys();
  top.add(windowOf({ ...crowd(0), gone: 10 }, 0, 50));
  for (let window = 1; window <= 3; window++) top.add(windowOf(crowd(window), 6));
  // Of the key "gone", the first window had 60 packets at most, and each of the other three may have had 6.
  expect(top.top(20).src?.missedAtMost).toBeGreaterThanOrEqual(10 + 50 + 3 * 6);

  top.add(windowOf({ gone: 100 }, 0));
  const [first] = top.top(20).src?.entries ?? [];
  expect(first).toMatchObject({ key: "gone", packets: 100 });
  expect(first?.error).toBeGreaterThanOrEqual(10 + 50 + 3 * 6);
});
