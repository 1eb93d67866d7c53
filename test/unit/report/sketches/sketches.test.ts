import { describe, expect, it } from "vitest";
import { mix } from "../../../../src/report/analysis/mix.ts";
import { HashCounts } from "../../../../src/report/sketches/hash-counts.ts";
import { HeavyKeys } from "../../../../src/report/sketches/heavy-keys.ts";
import { HyperLogLog } from "../../../../src/report/sketches/hyper-log-log.ts";
import { PortCounts } from "../../../../src/report/tops/port-counts.ts";

describe("HyperLogLog", () => {
  it.each([10, 1000, 20_000, 300_000])(
    "estimates %i keys within four standard errors, and what each adds as well",
    (keys) => {
      const sketch = new HyperLogLog(14);
      let grown = 0;
      for (let key = 0; key < keys; key++) grown += sketch.add(mix(key)) + sketch.add(mix(key));
      const most = Math.max(1, 4 * sketch.error * keys);
      expect(Math.abs(sketch.estimate() - keys)).toBeLessThan(most);
      expect(Math.abs(grown - keys)).toBeLessThan(most);
    },
  );

  it("merges to the number of the union", () => {
    const [one, other, both] = [new HyperLogLog(10), new HyperLogLog(10), new HyperLogLog(10)];
    for (let key = 0; key < 5000; key++) {
      (key % 3 === 0 ? one : other).add(mix(key));
      both.add(mix(key));
    }
    one.merge(other);
    expect(one.estimate()).toBe(both.estimate());
  });
});

function add(keys: HeavyKeys, key: number, port = 0): void {
  keys.add(Uint32Array.of(0, 0, 0xffff, key), 0, port, mix(key + port), 1, 60);
}

it("counts the bytes of a port beyond 32 bits", () => {
  const ports = new PortCounts();
  for (let times = 0; times < 3; times++) ports.add(80, 2, 3 * 2 ** 31);
  ports.add(80, 1, 60);
  ports.add(443, 1, 60);
  expect(ports.report(2).entries).toMatchObject([
    { key: "80", packets: 7, bytes: 9 * 2 ** 31 + 60 },
    { key: "443", packets: 1, bytes: 60 },
  ]);
});

describe("HeavyKeys", () => {
  it("is exact up to thousands of keys", () => {
    const keys = new HeavyKeys();
    for (let key = 1; key <= 2000; key++) for (let times = 0; times < (key <= 3 ? 5 - key : 1); times++) add(keys, key);
    const [first, second] = keys.heaviest(2);
    expect(first).toMatchObject({ packets: 4, bytes: 240, error: 0, words: Uint32Array.of(0, 0, 0xffff, 1) });
    expect(second).toMatchObject({ packets: 3, error: 0 });
    expect(keys.distinct()).toEqual({ value: 2000, error: 0 });
  });

  it("tells a port of an address from another", () => {
    const keys = new HeavyKeys();
    add(keys, 1, 80);
    add(keys, 1, 443);
    add(keys, 1, 443);
    expect(keys.heaviest(3).map(({ port, packets }) => [port, packets])).toEqual([
      [443, 2],
      [80, 1],
    ]);
  });

  it("finds the heavy keys among a hundred thousand others, and states its error", () => {
    const keys = new HeavyKeys();
    for (let packet = 0; packet < 100_000; packet++) {
      add(keys, 1_000_000 + packet);
      if (packet % 20 === 0) add(keys, 7);
      if (packet > 50_000 && packet % 10 === 0) add(keys, 8);
    }
    const [one, two] = keys.heaviest(2).sort((a, b) => (a.words[3] ?? 0) - (b.words[3] ?? 0));
    for (const [found, key, packets] of [
      [one, 7, 5000],
      [two, 8, 4999],
    ] as const) {
      expect(found?.words[3]).toBe(key);
      expect(found?.packets).toBeGreaterThanOrEqual(packets);
      expect((found?.packets ?? 0) - (found?.error ?? 0)).toBeLessThanOrEqual(packets);
      expect(found?.error).toBeLessThan(1000);
    }
    const { value, error } = keys.distinct();
    expect(Math.abs(value - 100_002)).toBeLessThan(4 * error * 100_002);
  });

  it("counts a key that comes late never too low, and with an error of few packets among keys of one packet", () => {
    const keys = new HeavyKeys();
    for (let packet = 0; packet < 400_000; packet++) add(keys, 1_000_000 + packet);
    for (let packet = 0; packet < 1000; packet++) add(keys, 7);
    const [first] = keys.heaviest(1);
    expect(first?.words[3]).toBe(7);
    expect(first?.packets).toBeGreaterThanOrEqual(1000);
    expect((first?.packets ?? 0) - (first?.error ?? 0)).toBeLessThanOrEqual(1000);
    // One in 2560 would be 156 packets.
    expect(first?.error).toBeLessThan(80);
  });

  it("stays bounded where all keys have one hash", () => {
    const keys = new HeavyKeys();
    for (let key = 0; key < 20_000; key++) keys.add(Uint32Array.of(0, 0, 0xffff, key), 0, 0, 5, 1, 60);
    expect(keys.heaviest(100).length).toBeLessThanOrEqual(64);
    expect(keys.packets).toBe(20_000);
  });
});

describe("HashCounts", () => {
  it("has the exact entropy of few values, and that of groups beyond", () => {
    const counts = new HashCounts();
    for (let value = 0; value < 1024; value++) counts.add(mix(value), 2);
    expect(counts.entropy()).toEqual({ bits: 10, mostBits: 11 });
    for (let value = 0; value < 100_000; value++) counts.add(mix(value + 5000));
    const { bits, mostBits } = counts.entropy();
    expect(mostBits).toBe(14);
    expect(bits).toBeGreaterThan(13.8);
    expect(counts.isExact).toBe(false);
  });

  it("merges exact and grouped counts", () => {
    const [few, many, all] = [new HashCounts(), new HashCounts(), new HashCounts()];
    for (let value = 0; value < 9000; value++) {
      (value < 100 ? few : many).add(mix(value));
      all.add(mix(value));
    }
    few.merge(many);
    expect(few.entropy().bits).toBeCloseTo(all.entropy().bits, 12);
    expect(few.entropy().mostBits).toBe(Math.min(14, Math.log2(9000)));
  });

  it("groups values whose forged hashes all say the same place, which would make each packet slow", () => {
    const counts = new HashCounts();
    for (let value = 0; value < 512; value++) counts.add(value << 13);
    expect(counts.isExact).toBe(true);
    counts.add(512 << 13);
    expect(counts.isExact).toBe(false);
  });
});
