import { describe, expect, it } from "vitest";
import { Timeline } from "../../../../src/report/rates/timeline.ts";
import { BOGON_BLOCKS, bogonOf } from "../../../../src/report/spoofing/bogons.ts";
import { Streams } from "../../../../src/report/spoofing/streams.ts";
import { ethernet, ipv4, tcp, udp } from "../../../support/frames.ts";
import { columnsOf, eachColumns, type TestPacket } from "../columns.ts";

describe("bogons", () => {
  it.each([
    ["0.0.0.0", "0.0.0.0/32"],
    ["0.1.2.3", "0.0.0.0/8"],
    ["10.255.0.1", "10.0.0.0/8"],
    ["100.127.255.255", "100.64.0.0/10"],
    ["100.128.0.0", undefined],
    ["172.31.0.1", "172.16.0.0/12"],
    ["172.32.0.1", undefined],
    ["192.0.2.77", "192.0.2.0/24"],
    ["192.0.3.1", undefined],
    ["198.19.0.1", "198.18.0.0/15"],
    ["198.51.101.1", undefined],
    ["203.0.113.9", "203.0.113.0/24"],
    ["239.1.1.1", "224.0.0.0/4"],
    ["255.255.255.255", "240.0.0.0/4"],
    ["8.8.8.8", undefined],
  ])("%s is in %s", (source, block) => {
    const { source: words } = columnsOf([{ data: ethernet({ payload: ipv4({ source, payload: udp() }) }) }]);
    expect(BOGON_BLOCKS[bogonOf(words, 0)]?.block).toBe(block);
  });

  it.each([
    [[0, 0, 0, 1], "::1/128"],
    [[0, 0, 0, 2], undefined],
    [[0x2001_0db8, 7, 7, 7], "2001:db8::/32"],
    [[0x2001_0db9, 0, 0, 0], undefined],
    [[0xfdff_0000, 0, 0, 1], "fc00::/7"],
    [[0x2a00_1450, 0, 0, 1], undefined],
  ])("IPv6 %j is in %s", (words, block) => {
    expect(BOGON_BLOCKS[bogonOf(Uint32Array.from(words), 0)]?.block).toBe(block);
  });
});

function streamsOf(packets: readonly TestPacket[]): Streams {
  const timeline = new Timeline();
  const streams = new Streams(timeline);
  eachColumns(packets, (columns) => {
    timeline.place(columns);
    streams.add(columns);
  });
  return streams;
}

const syn = (source: number, destination: number, seconds = source / 100): TestPacket => ({
  seconds,
  data: ethernet({
    payload: ipv4({
      source: `20.${source >> 16}.${(source >> 8) & 255}.${source & 255}`,
      destination: `30.0.${destination >> 8}.${destination & 255}`,
      payload: tcp({ sequence: source }),
    }),
  }),
});

it("keeps the evidence of a target apart from that of others, and has that of all", () => {
  const packets = Array.from({ length: 900 }, (_, index) => syn(index, index % 3 === 0 ? 1 + (index % 7) : 0));
  const streams = streamsOf(packets);
  const target = streams.towards("30.0.0.0", ["syn"]);
  expect(target?.packets).toBe(600);
  expect(target?.sourceCounts.size).toBe(600);
  const all = streams.ofClasses(["syn"]);
  expect(all.packets).toBe(900);
  expect(all.sourceCounts.size).toBe(900);
  expect(streams.ofClasses(["udp"]).packets).toBe(0);
});

it("follows a target that becomes heavy late, behind traffic to many destinations", () => {
  const before = Array.from({ length: 3000 }, (_, index) => syn(index, 1 + (index % 1000)));
  const flood = Array.from({ length: 9000 }, (_, index) => syn(3000 + index, 0));
  const target = streamsOf([...before, ...flood]).towards("30.0.0.0", ["syn"]);
  expect(target?.packets).toBeGreaterThan(500);
  expect(target?.packets).toBeLessThanOrEqual(9000);
});

it("counts sources by interval, each as new in one, within its stated error", () => {
  const packets = Array.from({ length: 20_000 }, (_, index) => syn(index % 10_000, 0, index / 1000));
  const { byInterval, sources, sourceCounts } = streamsOf(packets).ofClasses();
  expect(sourceCounts.isExact).toBe(false);
  const estimate = sources.toEstimate();
  expect(Math.abs(estimate.value - 10_000)).toBeLessThan(4 * estimate.error * 10_000);
  // 20 s of 1000 sources a second are told in 320 intervals of 1/16 s.
  const [seen, first] = [byInterval.seen(320), byInterval.firstSeen(320, 10_000)];
  for (const [place, count] of seen.entries()) if (place < 319) expect(Math.abs(count - 62.5)).toBeLessThan(8);
  const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);
  expect(sum(first)).toBe(10_000);
  expect(sum(first.slice(161))).toBeLessThan(300);
});
