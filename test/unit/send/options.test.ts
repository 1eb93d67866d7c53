import { expect, test } from "vitest";
import { checkSendOptions, type SendOptions } from "../../../src/send/options.ts";

const check = (options: Partial<SendOptions>) => checkSendOptions({ interface: "v1", ...options });

test("without options a file is sent once, with its own gaps, and nothing of it is changed", () => {
  expect(check({})).toMatchObject({
    interface: "v1",
    pace: { kind: "times", multiplier: 1, maxGap: 60 },
    loop: 1,
    count: Number.POSITIVE_INFINITY,
    vary: { sourceAddress: false, sourcePort: false },
    engine: "auto",
    allowDefaultRoute: false,
  });
});

test.each([
  [{ topspeed: true }, { kind: "topspeed" }],
  [{ topspeed: false }, { kind: "times", multiplier: 1, maxGap: 60 }],
  [{ maxGap: 0.5 }, { kind: "times", multiplier: 1, maxGap: 0.5 }],
  [{ maxGap: 0 }, { kind: "times", multiplier: 1, maxGap: Number.POSITIVE_INFINITY }],
  [{ packetsPerSecond: 0.5 }, { kind: "rate", packetsPerSecond: 0.5 }],
  [{ multiplier: 2.5 }, { kind: "times", multiplier: 2.5, maxGap: 60 }],
])("the pace of %j", (options, pace) => {
  expect(check(options).pace).toEqual(pace);
});

test("a loop of 0 goes on until it is stopped", () => {
  expect(check({ loop: 0 }).loop).toBe(Number.POSITIVE_INFINITY);
});

test("what varies", () => {
  expect(check({ vary: ["src-port", "src-ip"] }).vary).toEqual({ sourceAddress: true, sourcePort: true });
  expect(check({ vary: ["src-port"] }).vary).toEqual({ sourceAddress: false, sourcePort: true });
});

test.each<[Partial<Record<keyof SendOptions, unknown>>, RegExp]>([
  [{ interface: "" }, /^interface: the interface to send to is missing/],
  [{ packetsPerSecond: 1, multiplier: 1 }, /^packetsPerSecond: excludes `multiplier`/],
  [{ packetsPerSecond: 1, topspeed: true }, /^packetsPerSecond: excludes `topspeed`/],
  [{ multiplier: 1, topspeed: true }, /^multiplier: excludes `topspeed`/],
  [{ packetsPerSecond: 0 }, /^packetsPerSecond: "0" is not a number above 0/],
  [{ packetsPerSecond: Number.NaN }, /^packetsPerSecond: "NaN" is not/],
  [{ multiplier: -1 }, /^multiplier: "-1" is not/],
  [{ multiplier: Number.POSITIVE_INFINITY }, /^multiplier: "Infinity" is not/],
  [{ maxGap: -1 }, /^maxGap: "-1" is not a number above 0/],
  [{ maxGap: Number.NaN }, /^maxGap: "NaN" is not/],
  [{ maxGap: 5, topspeed: true }, /^maxGap: only the file's times have gaps, which `topspeed` does without/],
  [
    { maxGap: 5, packetsPerSecond: 5 },
    /^maxGap: only the file's times have gaps, which `packetsPerSecond` does without/,
  ],
  [{ loop: -1 }, /^loop: "-1" is not a whole number/],
  [{ loop: 1.5 }, /^loop: "1.5" is not a whole number/],
  [{ count: 0 }, /^count: "0" is not a whole number/],
  [{ vary: ["dst-ip"] }, /^vary: "dst-ip" is none of src-ip, src-port/],
  [{ engine: "dpdk" }, /^engine: "dpdk" is none of/],
  [{ engine: "xdp" }, /^engine: live frames have no pace/],
  [{ engine: "xdp", packetsPerSecond: 5 }, /^engine: live frames have no pace/],
  [{ engine: "socket", topspeed: true, cpus: 1 }, /^cpus: a packet socket sends on one CPU/],
  [{ cpus: 1 }, /^cpus: a packet socket sends on one CPU/],
  [{ topspeed: true, cpus: 1_000_000 }, /^cpus: "1000000" is not a whole number from 1/],
  [{ pps: 5 } as never, /^pps: there is no such option/],
])("%j is refused by name", (options, message) => {
  expect(() => check(options as Partial<SendOptions>)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringMatching(message) }),
  );
});
