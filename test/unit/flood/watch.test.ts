import { expect, test } from "vitest";
import { Watch } from "../../../src/flood/watch.ts";
import type { WatchSession } from "../../../src/flood/watch-settings.ts";
import { NO_COUNTERS } from "../../../src/flood/watched-counts.ts";

interface Fake {
  endSession?: () => Promise<void>;
  onEnd?: () => void;
  removed?: () => Promise<void>;
  counters?: () => typeof NO_COUNTERS;
  batches: () => AsyncGenerator<never>;
  requestStop?: () => void;
}

const nothing = () => Promise.resolve();

/** A watch of one capture. @param open is called before it begins */
function watchOf(
  { counters = () => NO_COUNTERS, requestStop = () => {}, batches, removed = nothing, endSession, onEnd }: Fake,
  stop: AbortSignal,
  open = () => {},
) {
  const session = {
    interfaces: [{ name: "v0" }],
    description: {},
    ...{ counters, batches, requestStop, removed },
  } as unknown as WatchSession;
  const done = { endSession: endSession ?? nothing, close: nothing };
  const recorder = { history: { packets: 0 }, begin: () => {}, look: nothing, ...done };
  return new Watch({
    interfaces: [],
    open: () => {
      open();
      return Promise.resolve(session);
    },
    onOpen: () => {},
    ...(onEnd === undefined ? {} : { onEnd }),
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

test("counts are taken once where an incident cannot be ended, and the watch ends when nothing is attached", async () => {
  const told: string[] = [];
  const session = {
    counters: () => ({ ...NO_COUNTERS, seen: 7 }),
    batches: async function* () {},
    requestStop: () => void told.push("stop"),
    removed: () => Promise.resolve().then(() => void told.push("removed")),
    endSession: () => Promise.reject(new Error("no room")),
    onEnd: () => void told.push("end"),
  };
  const watch = watchOf(session, new AbortController().signal);
  await expect(watch.run()).rejects.toThrow("no room");
  expect(told).toEqual(["end", "stop", "removed"]);
  expect(watch.counts.counters.seen).toBe(7);
});
