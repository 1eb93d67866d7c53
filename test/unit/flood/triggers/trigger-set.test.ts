import { expect, test } from "vitest";
import { parseTrigger } from "../../../../src/flood/triggers/parse-trigger.ts";
import { TriggerSet } from "../../../../src/flood/triggers/trigger-set.ts";
import type { TrafficEntry, TrafficKey, TrafficWindow } from "../../../../src/packets/traffic-counts.ts";
import { type Moment, observationAt } from "../observations.ts";

function setOf(rules: readonly string[], usual?: number): TriggerSet {
  return new TriggerSet(
    rules.map((rule) => parseTrigger(rule)),
    { usual: () => usual },
  );
}

/** The rules that hold after each of the moments. */
function firingsOf(set: TriggerSet, ...moments: readonly Moment[]) {
  return moments.map((moment) => set.observe(observationAt(moment)));
}

test("a flood exceeds a rate at the first look after enough packets", () => {
  const set = setOf(["20000/s"]);
  const [idle, beginning, flood] = firingsOf(
    set,
    { elapsed: 9.5 },
    { elapsed: 10, totals: { packets: 20_000 } },
    { elapsed: 10.001, totals: { packets: 21_000 } },
  );
  expect([idle, beginning]).toEqual([[], []]);
  expect(flood).toEqual([{ rule: "20000/s", value: 21_000, threshold: 20_000 }]);
});

test("a rule holds at every look until the rate is below", () => {
  const set = setOf(["1000/s"]);
  const moments = Array.from({ length: 100 }, (_, tick) => ({
    elapsed: tick / 20,
    totals: { packets: Math.min(tick, 40) * 100 },
  }));
  const held = firingsOf(set, ...moments).map((firings) => firings.length === 1);
  // 2000 packets a second in the first two seconds: from 11 ticks of 50 ms on, until ten such ticks are in the past second.
  expect(held.indexOf(true)).toBe(11);
  expect(held.lastIndexOf(true)).toBe(49);
  expect(held.slice(11, 50)).not.toContain(false);
});

test("a rule that has to last waits for its time by the clock that never steps, and begins anew after a pause", () => {
  const set = setOf(["ring-drops > 0/s for 2s"]);
  const drops = [0, 1, 2, 3, 3, 3, 3, 4, 5, 6, 7, 8];
  const moments = drops.map((ringDropped, tick) => ({ elapsed: tick * 0.7, ringDropped }));
  const held = moments.map(
    (moment, tick) => set.observe({ ...observationAt(moment), time: BigInt(tick % 3) * 10n ** 18n }).length,
  );
  expect(held).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1]);
});

test.each([
  ["above its multiple of the usual", 300, 2500, [{ rule: "8x", value: 2500, threshold: 2400, usual: 300 }]],
  ["at its multiple", 300, 2400, []],
  ["below the floor", 10, 900, []],
  ["above the floor", 10, 1001, [{ rule: "8x", value: 1001, threshold: 1000, usual: 10 }]],
  ["while nothing is learnt", undefined, 1_000_000, []],
])("a multiple of the usual is compared %s", (_, usual, packets, expected) => {
  const set = setOf(["8x"], usual);
  expect(firingsOf(set, { elapsed: 0 }, { elapsed: 1, totals: { packets } })[1]).toEqual(expected);
});

test.each([
  ["of a few packets", { syn: 6, synAck: 1 }, []],
  ["of many packets", { syn: 600, synAck: 100 }, [{ rule: "syn/synack > 5", value: 6, threshold: 5 }]],
  ["with answers", { syn: 600, synAck: 200 }, []],
  ["without any answer", { syn: 101 }, [{ rule: "syn/synack > 5", value: 101, threshold: 5 }]],
])("a ratio is compared %s", (_, totals, expected) => {
  const set = setOf(["syn/synack > 5"]);
  expect(firingsOf(set, { elapsed: 0 }, { elapsed: 1, totals })[1]).toEqual(expected);
});

test("listening sockets under pressure are compared by what grew since the first look", () => {
  const set = setOf(["listen-overflows > 0/s", "listen-drops > 1/s", "cookies > 10/s"]);
  const [first, second] = firingsOf(
    set,
    { elapsed: 0, pressure: { listenOverflows: 70, listenDrops: 80, cookiesSent: 90 } },
    { elapsed: 0.5, pressure: { listenOverflows: 71, listenDrops: 81, cookiesSent: 101 } },
  );
  expect(first).toEqual([]);
  expect(second?.map(({ rule, value }) => [rule, value])).toEqual([
    ["listen-overflows > 0/s", 1],
    ["cookies > 10/s", 11],
  ]);
});

function windowOf(began: number, seconds: number, entries: readonly Partial<TrafficEntry>[]): TrafficWindow {
  const whole = entries.map((entry) => ({
    key: "",
    packets: 0,
    bytes: 0,
    syns: 0,
    error: 0,
    standardError: 0,
    ...entry,
  }));
  const table = { entries: whole, evicted: 0, missedAtMost: 0, oneIn: 1 };
  return { beganAt: BigInt(began), seconds, tables: new Map<TrafficKey, typeof table>([["dst", table]]) };
}

const HEAVY = { key: "192.0.2.1", packets: 6000 };

test("the heaviest key is named, by what is certain of it", () => {
  const set = setOf(["5000/s per dst", "syn > 100/s per dst", "bytes > 1M/s per dst"]);
  const entries = [
    { key: "192.0.2.9", packets: 4500, bytes: 450_000, syns: 500, error: 4500 },
    { ...HEAVY, bytes: 1_200_000, syns: 10, error: 600 },
  ];
  const [firings] = firingsOf(set, { elapsed: 1, window: windowOf(1, 1, entries) });
  expect(firings).toEqual([
    { rule: "5000/s per dst", key: "192.0.2.1", value: 6000, threshold: 5000 },
    { rule: "syn > 100/s per dst", key: "192.0.2.9", value: 500, threshold: 100 },
    { rule: "bytes > 1M/s per dst", key: "192.0.2.1", value: 1_200_000, threshold: 1_000_000 },
  ]);
});

test.each([
  ["makes no key heavy", 5800, []],
  ["hides no key that is heavy", 5900, ["5000/s per dst", "syn > 5000/s per dst", "bytes > 500k/s per dst"]],
])("the chance of sampling %s", (_, packets, rules) => {
  const set = setOf(["5000/s per dst", "syn > 5000/s per dst", "bytes > 500k/s per dst"]);
  // One packet in eight was counted, and 5000 lie four standard errors below 5807.
  const standardError = Math.sqrt(7 * packets);
  const entries = [{ ...HEAVY, packets, bytes: 100 * packets, syns: packets, standardError }];
  const [firings] = firingsOf(set, { elapsed: 1, window: windowOf(1, 1, entries) });
  expect(firings?.map(({ rule }) => rule)).toEqual(rules);
});

test("a key stays heavy from one window to the next", () => {
  const set = setOf(["5000/s per dst"]);
  const looks = [
    windowOf(1, 0.25, [{ ...HEAVY, packets: 1500 }]),
    windowOf(1, 1, [HEAVY]),
    windowOf(2, 0, []),
    windowOf(2, 0.5, [{ ...HEAVY, packets: 3000 }]),
    windowOf(2, 1, [{ ...HEAVY, packets: 3000 }]),
    windowOf(3, 0.25, []),
  ];
  const values = looks.map((window, tick) => set.observe(observationAt({ elapsed: tick, window }))[0]?.value);
  expect(values).toEqual([undefined, 6000, 6000, 6000, undefined, undefined]);
});

test("a rule per key does not hold without a window", () => {
  const set = setOf(["5000/s per dst"]);
  expect(firingsOf(set, { elapsed: 1, window: windowOf(1, 1, [HEAVY]) }, { elapsed: 2 })).toMatchObject([[{}], []]);
});

test("pressure that cannot be read at one look is no pressure at the next", () => {
  const pressure = { listenOverflows: 70_000, listenDrops: 80_000, cookiesSent: 90_000 };
  const firings = firingsOf(
    setOf(["listen-overflows 10/s", "listen-drops 10/s", "cookies 10/s"]),
    { elapsed: 1, pressure },
    { elapsed: 1.05, pressure: undefined },
    { elapsed: 1.1, pressure },
    { elapsed: 1.15, pressure: { ...pressure, cookiesSent: 90_011 } },
  );
  expect(firings.map((held) => held.map(({ rule }) => rule))).toEqual([[], [], [], ["cookies 10/s"]]);
});
