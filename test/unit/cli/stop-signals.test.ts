import { afterEach, beforeEach, expect, test, vi } from "vitest";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Longer than any command gets that was told not to wait for anything. */
const LONG = 60_000;
let before: Map<string, NodeJS.SignalsListener[]>;

beforeEach(() => {
  before = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal) as NodeJS.SignalsListener[]]));
  for (const signal of SIGNALS) process.removeAllListeners(signal);
  vi.resetModules();
  vi.useFakeTimers();
  vi.spyOn(process, "exit").mockImplementation((() => {}) as typeof process.exit);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const [signal, listeners] of before) {
    process.removeAllListeners(signal);
    for (const listener of listeners) process.on(signal, listener);
  }
});

async function listen(hasEnded: boolean) {
  const { onStopSignal } = await import("../../../src/cli/stop-signals.ts");
  const calls: string[] = [];
  const note = (call: string) => () => {
    calls.push(call);
  };
  onStopSignal(note("stop"), note("abandon"), undefined, () => hasEnded);
  return calls;
}

test("the first signal stops the command, and leaves it the time that it takes", async () => {
  const calls = await listen(false);
  process.emit("SIGINT");
  vi.advanceTimersByTime(LONG);
  expect(calls).toEqual(["stop"]);
  expect(process.exit).not.toHaveBeenCalled();
});

test("the first signal to a command that ends already gives up its readers, and not what a slow disk takes", async () => {
  const calls = await listen(true);
  process.emit("SIGINT");
  vi.advanceTimersByTime(LONG);
  expect(calls).toEqual(["abandon"]);
  expect(process.exit).not.toHaveBeenCalled();
});

test.each([false, true])("a further signal ends the process soon, also one that ends already: %s", async (hasEnded) => {
  await listen(hasEnded);
  process.emit("SIGINT");
  vi.advanceTimersByTime(1000);
  process.emit("SIGTERM");
  vi.advanceTimersByTime(LONG);
  expect(process.exit).toHaveBeenCalledWith(1);
});
