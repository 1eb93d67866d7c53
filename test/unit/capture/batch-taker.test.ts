import { expect, test } from "vitest";
import { BatchTaker, type TakenSource } from "../../../src/capture/batch-taker.ts";
import { type CaptureOptions, checkOptions } from "../../../src/capture/options.ts";
import type { DrainStatus } from "../../../src/native/native-classes.ts";
import type { CapturedInterface } from "../../../src/packets/captured.ts";
import { ETHERNET } from "../../../src/packets/link-types.ts";

const v0: CapturedInterface = { name: "v0", index: 5, direction: "in", hook: "tc", link: ETHERNET };

/** What the kernel says of 35 packets in the rings and of those that it put into none. */
const COUNTED = { seen: 50, matched: 47, sampledOut: 4, rateLimited: 3, submitted: 35, ringFull: 3, copyFailed: 2 };

interface Script {
  records?: number;
  status?: DrainStatus;
  withOrigin?: boolean;
  areBlocks?: boolean;
  submitted?: number;
  takesOffset?: boolean;
}

/** A source that gives so many packets of no bytes at every call. */
function sourceOf(script: Script): TakenSource & { offsets: bigint[] } {
  const { records = 4, status = "drained", withOrigin = false, areBlocks = false } = script;
  const { submitted = 0, takesOffset = true } = script;
  const offsets: bigint[] = [];
  return {
    offsets,
    layout: { timeUnit: 1, withOrigin, areBlocks },
    interfaces: [v0],
    setEpochOffset: (offset) => {
      offsets.push(offset);
      return takesOffset;
    },
    drain: () => ({ records, status }),
    takeRecords: () => ({ records, status, bytes: new Uint8Array(16 * records) }),
    counters: () => ({ ...COUNTED, submitted }),
  };
}

const QUIET_CLOCK = { step: () => undefined, accept: () => {} };

function takerOf(script: Script = {}, options: CaptureOptions = {}) {
  return new BatchTaker(checkOptions(options), sourceOf(script), QUIET_CLOCK);
}

test.each<[DrainStatus, string]>([
  ["drained", "once-woken"],
  ["arriving", "soon"],
  ["no-room", "now"],
  ["unfinished", "now"],
])("after a drain that ended as %s the next batch is worth taking %s", (status, next) => {
  for (const withOrigin of [true, false]) expect(takerOf({ status, withOrigin }).take().next).toBe(next);
});

test.each([{ withOrigin: true }, { withOrigin: false }, { areBlocks: true }])(
  "takes no more than the wanted number, and counts the rest (%o)",
  (layout) => {
    const taker = takerOf(layout, { count: 6 });
    expect([taker.take().batch.count, taker.isComplete]).toEqual([4, false]);
    expect([taker.take().batch.count, taker.isComplete]).toEqual([2, true]);
    expect(taker.take().batch.count).toBe(0);
    expect([taker.delivered, taker.overLimit]).toEqual([6, 6]);
  },
);

test("packets of one interface and direction are said to be from there", () => {
  const [packet] = takerOf().take().batch;
  expect(packet).toMatchObject({ interfaceIndex: 5, direction: "in" });
});

test("the counters say what became of every packet that matched", () => {
  const taker = takerOf({ records: 35 }, { count: 30 });
  taker.take();
  const counters = taker.countersWith(COUNTED);
  expect(counters).toMatchObject({
    seen: 50,
    sampledOut: 4,
    rateLimited: 3,
    ringDropped: 5,
    overLimit: 5,
    delivered: 30,
  });
  const { sampledOut, rateLimited, ringDropped, overLimit, delivered } = counters;
  expect(sampledOut + rateLimited + ringDropped + overLimit + delivered).toBe(counters.matched);
});

test("a packet that the kernel put into a ring and that did not come out is a fault of ringcap", () => {
  const taker = takerOf({ submitted: 5 }, { count: 3 });
  taker.take();
  expect(() => taker.checkCompleteness()).toThrow(
    expect.objectContaining({
      code: "INTERNAL",
      message: expect.stringContaining("put 5 packets into them, 4 came out"),
    }),
  );
  const whole = takerOf({ submitted: 4 }, { count: 3 });
  whole.take();
  expect(() => whole.checkCompleteness()).not.toThrow();
});

test.each([
  [true, [7n], "once-woken"],
  // Packets from before the last change have to be taken first: it is tried again at once.
  [false, [], "now"],
] as const)(
  "a step of the clock that the source takes (%s) is accepted, and only then",
  (takesOffset, accepted, next) => {
    const source = sourceOf({ takesOffset });
    const seen: bigint[] = [];
    const clock = { step: () => 7n, accept: (offset: bigint) => seen.push(offset) };
    expect(new BatchTaker(checkOptions({}), source, clock).take().next).toBe(next);
    expect(source.offsets).toEqual([7n]);
    expect(seen).toEqual(accepted);
  },
);
