import { expect, test } from "vitest";
import { Watch } from "../../../src/flood/watch.ts";
import type { WatchSession } from "../../../src/flood/watch-settings.ts";
import { NO_COUNTERS } from "../../../src/flood/watched-counts.ts";

interface Fake {
  counters?: () => typeof NO_COUNTERS;
  batches: () => AsyncGenerator<never>;
  requestStop?: () => void;
}

/** A watch of one capture. @param open is called before it begins */
function watchOf(
  { counters = () => NO_COUNTERS, requestStop = () => {}, batches }: Fake,
  stop: AbortSignal,
  open = () => {},
) {
  const session = {
    interfaces: [{ name: "v0" }],
    description: {},
    removed: () => Promise.resolve(),
    ...{ counters, batches, requestStop },
  } as unknown as WatchSession;
  const nothing = () => Promise.resolve();
  const recorder = { history: { packets: 0 }, begin: () => {}, look: nothing, endSession: nothing, close: nothing };
  return new Watch({
    interfaces: [],
    open: () => {
      open();
      return Promise.resolve(session);
    },
    onOpen: () => {},
    recorder: recorder as never,
    triggers: { needsKeys: false, begin: () => {}, observe: () => [] },
    command: [],
    clock: { elapsed: () => 0, time: () => 0n },
    tell: () => {},
    stop,
  });
}

test("a watch that is stopped while it attaches ends with that capture", async () => {
  const stop = new AbortController();
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let stops = 0;
  const session = {
    // biome-ignore lint/correctness/useYield: a capture without packets
    batches: async function* () {
      await ended;
    },
    requestStop: () => {
      stops++;
      end();
    },
  };
  await watchOf(session, stop.signal, () => stop.abort()).run();
  expect(stops).toBe(1);
});

test("what ends a watch is told, and not what fails behind it", async () => {
  let isBroken = false;
  const session = {
    counters: () => {
      if (isBroken) throw new Error("second");
      return NO_COUNTERS;
    },
    // biome-ignore lint/correctness/useYield: a capture without packets
    batches: async function* () {
      isBroken = true;
      throw new Error("first");
    },
  };
  await expect(watchOf(session, new AbortController().signal).run()).rejects.toThrow("first");
});
