import { once } from "node:events";
import { expect, test } from "vitest";
import { fileStream } from "../../../src/outputs/file-stream.ts";
import { PcapFileFormat } from "../../../src/outputs/pcap-format.ts";
import { batchOf, COUNTERS, DESCRIPTION, FILE_HEADER, recordsOf } from "./batches.ts";

/** @param ending what stop() resolves to */
function streamOf(ending: () => Promise<void>) {
  const source = {
    description: DESCRIPTION,
    counters: () => COUNTERS,
    requestStop: () => {},
    stop: ending,
    async *[Symbol.asyncIterator]() {
      yield batchOf(60);
    },
  };
  return fileStream(source, { format: new PcapFileFormat("micro"), checksums: undefined, onNote: () => {} });
}

test("the stream is the file, and ends the source", async () => {
  let stops = 0;
  const stream = streamOf(async () => {
    stops++;
  });
  expect(Buffer.concat(await stream.toArray())).toEqual(Buffer.concat([FILE_HEADER, recordsOf([60])]));
  expect(stops).toBe(1);
});

test("a source that fails as its unread stream is destroyed leaves no rejection without a handler", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on("unhandledRejection", note);
  try {
    const stream = streamOf(() => Promise.reject(new Error("the interface is gone")));
    stream.destroy();
    await once(stream, "close");
    // Node.js tells of rejections after the microtasks of a turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  } finally {
    process.off("unhandledRejection", note);
  }
});
