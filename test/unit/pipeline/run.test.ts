import { describe, expect, test } from "vitest";
import { RingcapError } from "../../../src/errors.ts";
import { run, runIntoSink } from "../../../src/pipeline/run.ts";
import { DESCRIPTION, NO_COUNTERS, ScriptedSink, type SinkFaults, scriptedSource } from "./scripted.ts";

const failure = (what: string) => new RingcapError(what, { code: "OUTPUT", operation: what });

/** What a run of three batches does, and how it ends. */
async function walk(faults: SinkFaults, batches: readonly unknown[] = [2, 3, 5]) {
  const log: string[] = [];
  const sink = new ScriptedSink(log, faults);
  const { failures } = await run(scriptedSource(log, batches), sink, () => log.push("begun"));
  return { log, failures, packets: sink.packetsWritten };
}

test("a sink begins, takes every batch before the next one is read, and is closed", async () => {
  const { log, failures, packets } = await walk({}, [2, 3]);
  const written = ["read 2", "write 2", "wrote 2", "read 3", "write 3", "wrote 3"];
  expect(log).toEqual(["begin", "begun", ...written, "end", "close"]);
  expect(failures).toEqual([]);
  expect(packets).toBe(5);
});

test("the sink is told of the source, and may ask for its counters", async () => {
  const told: unknown[] = [];
  const sink = new ScriptedSink([]);
  const begin = async (description: unknown, counters: () => unknown) => void told.push(description, counters());
  await run(scriptedSource([], []), Object.assign(sink, { begin }));
  expect(told).toEqual([DESCRIPTION, { ...NO_COUNTERS, delivered: 99 }]);
});

test("a sink that cannot begin stops the source, which is not read, and is left to whoever made it", async () => {
  const log: string[] = [];
  const error = failure("begin");
  const begun = () => log.push("begun");
  await expect(run(scriptedSource(log, [2]), new ScriptedSink(log, { begin: error }), begun)).rejects.toBe(error);
  expect(log).toEqual(["begin", "stop"]);
});

test("what fails once the sink has begun stops the source, and closes the sink", async () => {
  const log: string[] = [];
  const error = failure("begun");
  const begun = () => {
    throw error;
  };
  await expect(run(scriptedSource(log, [2]), new ScriptedSink(log), begun)).rejects.toBe(error);
  expect(log).toEqual(["begin", "stop", "close"]);
});

test("a sink that has begun is not asked to begin", async () => {
  const log: string[] = [];
  await runIntoSink(scriptedSource(log, []), new ScriptedSink(log));
  expect(log).toEqual(["end", "close"]);
});

describe("after a write that failed", () => {
  const error = failure("write");

  test("the source is stopped, and read to its end without a further write", async () => {
    const { log, failures, packets } = await walk({ write: { batch: 2, error } });
    const afterwards = ["read 3", "write 3", "stop", "read 5", "end", "close"];
    expect(log).toEqual(["begin", "begun", "read 2", "write 2", "wrote 2", ...afterwards]);
    expect(failures).toEqual([error]);
    expect(packets).toBe(2);
  });

  test("what fails later is told behind it, in the order of time", async () => {
    const [broken, close] = [failure("iterate"), failure("close")];
    const { log, failures } = await walk({ write: { batch: 1, error }, close }, [2, 3, broken]);
    expect(failures).toEqual([error, broken, close]);
    expect(log.slice(-2)).toEqual(["read 3", "close"]);
  });
});

test("a write that throws at once is one that failed", async () => {
  const error = failure("write");
  const write = () => {
    throw error;
  };
  const log: string[] = [];
  const sink = Object.assign(new ScriptedSink(log), { write });
  const { failures } = await runIntoSink(scriptedSource(log, [2, 3]), sink);
  expect(failures).toEqual([error]);
  expect(log).toEqual(["read 2", "stop", "read 3", "end", "close"]);
});

test("a source that fails leaves what was written, and the sink is closed", async () => {
  const error = failure("iterate");
  const { log, failures, packets } = await walk({}, [2, error]);
  expect(log.slice(-2)).toEqual(["wrote 2", "close"]);
  expect(failures).toEqual([error]);
  expect(packets).toBe(2);
});

test("a close that fails is told", async () => {
  const error = failure("close");
  expect((await walk({ close: error })).failures).toEqual([error]);
});

test("what nobody expected is a fault of ringcap itself, with its cause", async () => {
  const cause = new TypeError("no such method");
  const { failures } = await walk({}, [cause]);
  expect(failures).toEqual([expect.objectContaining({ code: "INTERNAL", message: "capture: no such method", cause })]);
});
