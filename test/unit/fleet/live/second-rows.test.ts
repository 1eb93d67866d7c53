import { expect, test } from "vitest";
import { type CountedCapture, SecondRows } from "../../../../src/fleet/live/second-rows.ts";
import { NO_COUNTERS, NO_TOTALS } from "../../../../src/flood/watched-counts.ts";
import type { CaptureCounters, InterfaceCounters } from "../../../../src/packets/captured.ts";
import type { TrafficTotals } from "../../../../src/packets/traffic-counts.ts";

const at = (seconds: number) => BigInt(Math.round(seconds * 1000)) * 1_000_000n;

/** A capture whose numbers a test sets. */
class Capture implements CountedCapture {
  readonly interfaces: CountedCapture["interfaces"];
  readonly description = { interfaceCounters: () => this.apart };
  readonly counts: CountedCapture["counts"];
  apart = new Map<number, InterfaceCounters>();
  now = NO_COUNTERS;
  totals = NO_TOTALS;

  constructor(names: readonly string[], hasCounts = true) {
    this.interfaces = names.map((name, index) => ({ name, index }));
    this.counts = hasCounts ? { totals: () => this.totals } : undefined;
  }

  counters() {
    return this.now;
  }

  set(counters: Partial<CaptureCounters>, totals: Partial<TrafficTotals> = {}) {
    this.now = { ...NO_COUNTERS, ...counters };
    this.totals = { ...NO_TOTALS, ...totals };
  }
}

const ofTime = (seconds: number) => ({ seconds, nanoseconds: 0 });

test("a second has a row of all packets and one of each class, also what came before the first look", () => {
  const rows = new SecondRows();
  const capture = new Capture(["v0"]);
  capture.set({ seen: 2, matched: 1 }, { packets: 1, bytes: 60, ipv4: 1, tcp: 1, syn: 1 });
  expect(rows.look(at(10.9), capture)).toEqual([]);
  capture.set(
    { seen: 12, matched: 11, sampledOut: 3, rateLimited: 1, ringDropped: 2, overLimit: 1, delivered: 4 },
    { packets: 11, bytes: 1000, ipv4: 8, ipv6: 1, tcp: 6, syn: 3, ack: 1, otherTcp: 1, udp: 2, otherProtocol: 3 },
  );
  expect(rows.look(at(10.99), capture)).toEqual([]);
  const v0 = { time: ofTime(10), interface: "v0" };
  expect(rows.look(at(11), capture)).toEqual([
    { ...v0, packets: 0, bytes: 1000, seen: 12, matched: 11, sampled: 4, dropped: 2 },
    { ...v0, class: "syn", packets: 3 },
    { ...v0, class: "ack", packets: 1 },
    { ...v0, class: "tcpOther", packets: 1 },
    { ...v0, class: "udp", packets: 2 },
    { ...v0, class: "fragment", packets: 1 },
    { ...v0, class: "otherIp", packets: 1 },
    { ...v0, class: "notIp", packets: 2 },
  ]);
  // A second in which nothing came says so.
  expect(rows.look(at(12), capture)).toEqual([
    { ...v0, time: ofTime(11), packets: 0, bytes: 0, seen: 0, matched: 0, sampled: 0, dropped: 0 },
  ]);
});

test("several interfaces are told apart as far as their counters are, and without counts packets have no class", () => {
  const rows = new SecondRows();
  const capture = new Capture(["v0", "v1"]);
  rows.look(at(1), capture);
  capture.set({ seen: 9, matched: 7, ringDropped: 1, sampledOut: 2 }, { packets: 7, bytes: 700, ipv4: 7, udp: 7 });
  capture.apart = new Map([
    [0, { seen: 9, matched: 7, ringDropped: 1 }],
    [1, { seen: 0, matched: 0, ringDropped: 0 }],
  ]);
  const time = ofTime(1);
  expect(rows.look(at(2), capture)).toEqual([
    { time, packets: 0, bytes: 700, sampled: 2 },
    { time, interface: "v0", packets: 0, seen: 9, matched: 7, dropped: 1 },
    { time, class: "udp", packets: 7 },
  ]);
  const plain = new Capture(["v0", "v1"], false);
  const others = new SecondRows();
  others.look(at(1), plain);
  plain.set({ seen: 5, matched: 5 });
  expect(others.look(at(2), plain)).toEqual([{ time, packets: 5, seen: 5, matched: 5, sampled: 0, dropped: 0 }]);
});

test("nothing is lost by seconds without a look, by captures that follow one another, and at the end", () => {
  const rows = new SecondRows();
  const all: Readonly<Record<string, unknown>>[] = [];
  const first = new Capture(["v0"]);
  all.push(...rows.look(at(5), first));
  first.set({ seen: 100, matched: 100 });
  all.push(...rows.look(at(9.5), first));
  expect(all).toMatchObject([{ time: ofTime(5), matched: 100 }]);
  first.set({ seen: 130, matched: 130 });
  rows.end(first);
  // The clock was set back, and the interface is not there.
  expect(rows.rest(at(9.9))).toEqual([]);
  all.push(...rows.rest(at(3)));
  const second = new Capture(["v0"]);
  second.set({ seen: 7, matched: 7 });
  all.push(...rows.look(at(20), second));
  rows.end(second);
  const third = new Capture(["v0"]);
  third.set({ seen: 1, matched: 1 });
  all.push(...rows.look(at(20.5), third));
  rows.end(third);
  all.push(...rows.close());
  expect(all).toMatchObject([
    { time: ofTime(5), matched: 100 },
    { time: ofTime(9), matched: 30 },
    { time: ofTime(20), matched: 8 },
  ]);
  expect(rows.close()).toEqual([]);
});

test("the sum of all rows stays that of the counters where an interface is counted later than the other", () => {
  const rows = new SecondRows();
  const capture = new Capture(["v0", "v1"]);
  const all = [...rows.look(at(1), capture)];
  capture.set({ seen: 100, matched: 100 });
  capture.apart = new Map([[0, { seen: 100, matched: 100, ringDropped: 0 }]]);
  all.push(...rows.look(at(2), capture));
  capture.set({ seen: 150, matched: 150 });
  capture.apart = new Map([
    [0, { seen: 140, matched: 140, ringDropped: 0 }],
    [1, { seen: 10, matched: 10, ringDropped: 0 }],
  ]);
  all.push(...rows.look(at(3), capture));
  rows.end(capture);
  all.push(...rows.close());
  const of = (name?: string) => all.filter((row) => "seen" in row && row.interface === name).map(({ seen }) => seen);
  expect([of(), of("v0"), of("v1")]).toEqual([[], [100, 40], [10]]);
});
