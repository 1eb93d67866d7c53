import { expect, test } from "vitest";
import { TopKeys } from "../../../src/flood/top-keys.ts";
import type { TrafficWindow } from "../../../src/packets/traffic-counts.ts";

const FROM = 1_700_000_000_000_000_000n;

const entry = (key: string, packets: number) => ({ key, packets, bytes: 0, syns: 0, error: 0, standardError: 0 });

/** @param error of the key "gone" */
function windowOf(packets: Readonly<Record<string, number>>, missedAtMost: number, error = 0): TrafficWindow {
  const entries = Object.entries(packets)
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => ({ ...entry(key, count), error: key === "gone" ? error : 0 }));
  return { beganAt: FROM, seconds: 1, tables: new Map([["src", { entries, evicted: 0, missedAtMost, oneIn: 1 }]]) };
}

/** More keys than are kept, with 11 packets each. */
const CROWD = Object.fromEntries(Array.from({ length: 2100 }, (_, key) => [`crowd ${key}`, 11]));

test("a key that was let go has no more packets than the list says it may have", () => {
  const top = new TopKeys(FROM);
  top.add(windowOf({ ...CROWD, gone: 10 }, 0, 50));
  for (let window = 1; window <= 3; window++) top.add(windowOf({}, 6));
  // Of the key "gone", the first window had 60 packets at most, and each of the other three may have had 6.
  expect(top.top(20).src?.missedAtMost).toBeGreaterThanOrEqual(10 + 50 + 3 * 6);

  top.add(windowOf({ gone: 100 }, 0));
  const [first] = top.top(20).src?.entries ?? [];
  expect(first).toMatchObject({ key: "gone", packets: 100 });
  expect(first?.error).toBeGreaterThanOrEqual(10 + 50 + 3 * 6);
});

test("of windows that began before an incident, those that end in it add to the errors alone", () => {
  const top = new TopKeys(FROM);
  top.add({ ...windowOf({ "192.0.2.1": 7000 }, 3), beganAt: FROM - 1_000_000_000n });
  top.add({ ...windowOf({ "192.0.2.1": 100, "192.0.2.2": 40 }, 3), beganAt: FROM - 500_000_000n });
  top.add(windowOf({ "192.0.2.1": 500 }, 2));
  expect(top.top(20).src).toEqual({
    entries: [{ ...entry("192.0.2.1", 500), error: 100 }],
    missedAtMost: 40 + 2,
    oneIn: 1,
  });
});

test("standard errors of sampled windows add up as those of chance do, and the list is marked", () => {
  const sampled = (packets: number, standardError: number, oneIn: number): TrafficWindow => {
    const entries = [{ ...entry("192.0.2.1", packets), standardError }];
    return { beganAt: FROM, seconds: 1, tables: new Map([["src", { entries, evicted: 0, missedAtMost: 5, oneIn }]]) };
  };
  const top = new TopKeys(FROM);
  top.add({ ...sampled(900, 50, 4), beganAt: FROM - 500_000_000n });
  for (const window of [sampled(3000, 90, 4), sampled(4800, 120, 4), sampled(200, 0, 1)]) top.add(window);
  expect(top.top(1).src).toEqual({
    // The first window began before: all of it, and four standard errors, are doubtful.
    entries: [{ ...entry("192.0.2.1", 8000), error: 900 + 4 * 50, standardError: 150 }],
    missedAtMost: 4 * 5,
    oneIn: 4,
  });
});
