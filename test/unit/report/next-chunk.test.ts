import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { nextChunk } from "../../../src/report/files/next-chunk.ts";

test("chunks that were read can be collected while the reading goes on, and an end is not waited for", async () => {
  const made: WeakRef<Uint8Array>[] = [];
  async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const chunk = new Uint8Array(1 << 16);
      made.push(new WeakRef(chunk));
      yield chunk;
    }
  }
  const stop = new AbortController();
  const source = chunks();
  for (let read = 0; read < 100; read++) await nextChunk(source, stop.signal);
  // A WeakRef holds its object until the end of the task.
  await new Promise((resolve) => setImmediate(resolve));
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  expect(made.filter((chunk) => chunk.deref() !== undefined).length).toBeLessThan(10);
  stop.abort(new Error("stopped"));
  await expect(nextChunk(source, stop.signal)).rejects.toThrow("stopped");
});
