import { expect, test } from "vitest";
import { Watch } from "../../../src/flood/watch.ts";
import type { WatchSession } from "../../../src/flood/watch-settings.ts";
import { NO_COUNTERS } from "../../../src/flood/watched-counts.ts";

test("a watch that is stopped while it attaches ends with that capture", async () => {
  const stop = new AbortController();
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let stops = 0;
  const session = {
    interfaces: [{ name: "v0" }],
    description: {},
    counters: () => NO_COUNTERS,
    // biome-ignore lint/correctness/useYield: a capture without packets
    batches: async function* () {
      await ended;
    },
    requestStop: () => {
      stops++;
      end();
    },
    removed: () => Promise.resolve(),
  } as unknown as WatchSession;
  const recorder = {
    history: { packets: 0 },
    begin: () => {},
    look: () => Promise.resolve(),
    endSession: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const watch = new Watch({
    interfaces: [],
    open: () => {
      stop.abort();
      return Promise.resolve(session);
    },
    onOpen: () => {},
    recorder: recorder as never,
    triggers: { needsKeys: false, begin: () => {}, observe: () => [] },
    command: [],
    clock: { elapsed: () => 0, time: () => 0n },
    tell: () => {},
    stop: stop.signal,
  });
  await watch.run();
  expect(stops).toBe(1);
});
