import { describe, expect, test } from "vitest";
import { tooManyToCount } from "../../../src/capture/counts/count-options.ts";
import { type CaptureOptions, checkOptions } from "../../../src/capture/options.ts";

const MEBIBYTE = 1024 * 1024;

test("nothing asked for means 128 bytes of each incoming packet, without end", () => {
  expect(checkOptions({})).toMatchObject({
    interfaces: [],
    wantsVlan: false,
    snapshotLength: 128,
    count: Infinity,
    durationSeconds: Infinity,
    direction: "in",
    hook: "auto",
    promiscuous: false,
    action: "pass",
    immediate: false,
    signal: undefined,
  });
});

test("rings of whole packets are larger by default than those of headers, as is -s 0", () => {
  const { ringSize } = checkOptions({ snapshotLength: 128 });
  expect(ringSize).toBeLessThanOrEqual(16 * MEBIBYTE);
  expect(checkOptions({ snapshotLength: 0 }).ringSize).toBe(checkOptions({ snapshotLength: 262_144 }).ringSize);
  expect(checkOptions({ snapshotLength: 0 }).ringSize).toBeGreaterThanOrEqual(ringSize);
});

test.each([
  [1, 1],
  [2, 2],
  [3, 4],
  [16, 16],
  [17, 32],
  [200, 256],
  [256, 256],
])("a buffer of %i MiB is a ring of %i MiB", (bufferSize, mebibytes) => {
  expect(checkOptions({ bufferSize }).ringSize).toBe(mebibytes * MEBIBYTE);
});

test.each([
  [0, 262_144],
  [1, 1],
  [262_144, 262_144],
])("a snapshot length of %i keeps %i bytes", (snapshotLength, bytes) => {
  expect(checkOptions({ snapshotLength }).snapshotLength).toBe(bytes);
});

test("only a filter for a VLAN wants one", () => {
  expect(checkOptions({ filter: { vlan: 0 } }).wantsVlan).toBe(true);
  expect(checkOptions({ filter: { port: 80, vlan: undefined } }).wantsVlan).toBe(false);
});

describe("refused, by the name on the command line, is", () => {
  const cases: readonly (readonly [CaptureOptions, RegExp])[] = [
    [{ snapshotLength: -1 }, /^snapshotLength: "-1" is not a whole number from 0 to 262144$/],
    [{ snapshotLength: 262_145 }, /^snapshotLength: /],
    [{ snapshotLength: 1.5 }, /^snapshotLength: /],
    [{ snapshotLength: NaN }, /^snapshotLength: /],
    [{ process: true, hook: "xdp" }, /^process: an XDP program cannot tell whose a packet is$/],
    [{ pid: "1", hook: "xdp-generic" }, /^pid: an XDP program /],
    [{ comm: "curl", hook: "xdp-native" }, /^comm: an XDP program /],
    [{ onlyCommand: true, hook: "xdp" }, /^onlyCommand: an XDP program /],
    [{ pid: "0" }, /^pid: "0" is not a process id$/],
    [{ pid: "curl" }, /^pid: "curl" is not a process id$/],
    [{ comm: "sixteen-bytes-it" }, /^comm: "sixteen-bytes-it" is longer than any name of a process$/],
    [{ count: 0 }, /^count: "0" is not a whole number from 1 to 9007199254740991$/],
    [{ count: -5 }, /^count: /],
    [{ count: 2 ** 60 }, /^count: /],
    [{ bufferSize: 0 }, /^bufferSize: "0" is not a whole number of MiB from 1 to 256$/],
    [{ interfaces: [] }, /^interfaces: is not a list of names$/],
    [{ interfaces: "b0" as unknown as string[] }, /^interfaces: is not a list of names$/],
    [{ interfaces: [""] }, /^interfaces: is not a list of names$/],
    [{ bufferSize: 1025 }, /^bufferSize: /],
    [{ bufferSize: 0.5 }, /^bufferSize: /],
    [{ duration: 0 }, /^duration: "0" is not a number of seconds above 0 and up to 2147483$/],
    [{ duration: -1 }, /^duration: /],
    [{ duration: NaN }, /^duration: /],
    [{ duration: 2_147_484 }, /^duration: /],
    [{ direction: "both" as "inout" }, /^direction: "both" is none of in, out, inout$/],
    [{ hook: "socket" as "tc" }, /^hook: "socket" is none of auto, xdp, xdp-native, xdp-generic, tc, packet$/],
    [{ hook: "packet", action: "drop" }, /^action: libpcap has copies of packets only$/],
    [{ hook: "packet", process: true }, /^process: libpcap cannot tell whose a packet is$/],
    [{ hook: "packet", pid: "1" }, /^pid: libpcap /],
    [{ hook: "packet", comm: "curl" }, /^comm: libpcap /],
    [{ hook: "packet", onlyCommand: true }, /^onlyCommand: libpcap /],
    [{ action: "reject" as "drop" }, /^action: "reject" is none of pass, drop$/],
    [{ interfaces: ["v0", "v1", "v0"] }, /^interfaces: "v0" is named twice$/],
    [{ filter: { port: "http" } }, /^port: /],
  ];
  test.each(cases)("%j", (options, message) => {
    expect(() => checkOptions(options)).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringMatching(message) }),
    );
  });

  test.each(["xdp", "xdp-native", "xdp-generic"] as const)("%s for packets that go out, with another way", (hook) => {
    for (const direction of ["out", "inout"] as const) {
      expect(() => checkOptions({ hook, direction })).toThrow(
        expect.objectContaining({
          message: `hook: XDP sees only packets that come in, not direction "${direction}"`,
          hint: 'use `hook: "tc"`',
        }),
      );
    }
  });

  test.each(["out", "inout"] as const)("dropping with the direction %s", (direction) => {
    expect(() => checkOptions({ action: "drop", direction })).toThrow(/^action: packets can be dropped only on/);
  });
});

test.each<CaptureOptions>([
  { hook: "tc", direction: "out" },
  { hook: "tc", direction: "inout" },
  { hook: "auto", direction: "inout" },
  { hook: "xdp", direction: "in", action: "drop" },
  { hook: "tc", action: "drop" },
  { duration: 0.001 },
  { duration: 2_147_483 },
  { duration: Infinity },
  { count: 1 },
])("%j can be honoured", (options) => {
  expect(checkOptions(options)).toMatchObject("duration" in options ? { durationSeconds: options.duration } : options);
});

test("counts name kinds of keys, once each, and packets stay in the kernel only beside counts", () => {
  expect(checkOptions({ counts: { keys: ["src", "dst-port", "src"] }, records: false })).toMatchObject({
    countedKeys: ["src", "dst-port"],
    countsIfPossible: false,
    records: false,
    ringSize: 4096,
  });
  const refused: [CaptureOptions, RegExp][] = [
    [{ counts: { keys: ["source" as "src"] } }, /counts.*"source" is none of src, src-net/],
    [{ counts: {} as { keys: [] } }, /counts.*has no list of keys, such as/],
    [{ records: false }, /records.*without `counts`/],
    [{ counts: { keys: [], ifPossible: true }, records: false }, /records.*whose `counts` are left out/],
    [{ counts: { keys: [] }, records: false, count: 5 }, /count.*without records/],
    [{ counts: { keys: [] }, records: false, process: true }, /process.*without records/],
    [{ counts: { keys: [] }, hook: "packet" }, /counts.*libpcap does not count by key/],
  ];
  for (const [options, message] of refused) expect(() => checkOptions(options)).toThrow(message);
  expect(checkOptions({ counts: { keys: ["src"], ifPossible: true }, hook: "packet" })).toMatchObject({
    countsIfPossible: true,
    hook: "packet",
  });
});

test("what is counted if possible is left out for many interfaces, for which it takes long to load", () => {
  const counts = { keys: ["src"] } as const;
  const settings = checkOptions({ counts: { ...counts, ifPossible: true } });
  expect([8, 9].map((interfaces) => tooManyToCount(settings, interfaces))).toEqual([
    undefined,
    "there are more than 8 interfaces",
  ]);
  for (const others of [checkOptions({ counts }), checkOptions({})]) expect(tooManyToCount(others, 9)).toBeUndefined();
});
