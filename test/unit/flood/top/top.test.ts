import { expect, test } from "vitest";
import { topLine } from "../../../../src/flood/top/top-json.ts";
import { ordered, topLines } from "../../../../src/flood/top/top-lines.ts";
import { TopSampler } from "../../../../src/flood/top/top-sampler.ts";
import { sparkline } from "../../../../src/outputs/sparkline.ts";
import type { TrafficCounts, TrafficEntry, TrafficTotals } from "../../../../src/packets/traffic-counts.ts";

const none: TrafficTotals = {
  ...{ packets: 0, bytes: 0, ipv4: 0, ipv6: 0, tcp: 0, udp: 0, icmp: 0, otherProtocol: 0 },
  ...{ syn: 0, synAck: 0, rst: 0, fin: 0, ack: 0, otherTcp: 0, fragments: 0 },
};
const entry = (key: string, packets: number, bytes: number, syns: number): TrafficEntry => ({
  ...{ key, packets, bytes, syns },
  ...{ error: 3, standardError: 0 },
});
const entries = [entry("192.0.2.1", 40, 100, 0), entry("192.0.2.2", 20, 9000, 5), entry("192.0.2.3", 10, 500, 10)];

/** Counts that tell the totals one after the other. */
function countsOf(...totals: readonly Partial<TrafficTotals>[]): TrafficCounts {
  let next = 0;
  const window = () => {
    const tables = new Map([["src", { entries, evicted: 6, missedAtMost: 4, oneIn: 1 }]] as const);
    return { beganAt: 1_000_000_000n, seconds: 2, tables };
  };
  return { keys: ["src"], totals: () => ({ ...none, ...totals[next++] }), window, nextWindow: window };
}

test("bars rise to the largest number, and only the last ones are shown", () => {
  expect(sparkline([100, 0, 1, 4, 8], 4)).toBe(" \u2581\u2584\u2588");
  expect(sparkline([0, 0], 9)).toBe("  ");
  expect(sparkline([], 9)).toBe("");
});

test("entries are sorted by what was asked for", () => {
  const keys = (order: Parameters<typeof ordered>[1]) =>
    ordered(entries, order)
      .map(({ key }) => key.slice(-1))
      .join("");
  expect([keys("packets"), keys("bytes"), keys("syns")]).toEqual(["123", "231", "321"]);
});

test("a view has the difference of two totals, and the rates of its time", () => {
  const sampler = new TopSampler(
    countsOf({ packets: 7, bytes: 70 }, { packets: 107, bytes: 1070, tcp: 25, syn: 10, udp: 75 }, { packets: 107 }),
  );
  const view = sampler.next(9);
  expect(view).toMatchObject({ totals: { packets: 100, bytes: 1000, syn: 10 }, history: [50] });
  expect(sampler.next(9).history).toEqual([50, 0]);
  expect(sampler.peak).toBe(50);
  expect(topLines(view, { rows: 2, width: 20, order: "packets" })).toEqual([
    "50 packets/s, 500 bytes/s, 5 SYN/s",
    "tcp 25 %, udp 75 %",
    "\u2588",
    "",
    "SRC                   PACKETS/S       SHARE     BYTES/S       SYN/S   MISSING/S",
    "192.0.2.1                    20        40 %          50           0           2",
    "192.0.2.2                    10        20 %       4,500           3           2",
    "  any other: at most 2 packets/s",
  ]);
});

test("a sampled table says so, and how far its counts may be wrong", () => {
  const sampled = entries.map((each) => ({ ...each, standardError: Math.sqrt(3 * each.packets) }));
  const view = { ...countsOf().window(3), totals: { ...none, packets: 100 }, history: [] };
  const lastLine = (missedAtMost: number) => {
    const tables = new Map([["src", { entries: sampled, evicted: 6, missedAtMost, oneIn: 4 }]] as const);
    return topLines({ ...view, tables }, { rows: 2, order: "packets" }).at(-1);
  };
  expect(lastLine(4)).toBe("  any other: at most 2 packets/s, sampled 1 in 4: standard error 27.4 to 38.7 %");
  expect(lastLine(0)).toBe("  sampled 1 in 4: standard error 27.4 to 38.7 %");
});

test("the JSON of a view has rates as whole numbers, and its seconds with three decimals", () => {
  const totals = { ...none, packets: 100, bytes: 1000, syn: 10 };
  const view = { beganAt: 1_000_000_000n, seconds: 0.999_876_123, totals, tables: new Map(), history: [] };
  expect(topLine(view, "", 1)).toMatchObject({ seconds: 1, rates: { packets: 100, bytes: 1000, syns: 10 } });
});
