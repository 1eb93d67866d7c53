import { expect, test } from "vitest";
import { CapturePipe } from "../../../src/outputs/capture-pipe.ts";
import { PcapFileFormat } from "../../../src/outputs/pcap-format.ts";
import { batchOf, COUNTERS, DESCRIPTION, FILE_HEADER, LimitedOutput, recordsOf } from "./batches.ts";

const encoder = () => new PcapFileFormat("micro").start(DESCRIPTION);
/** A format with a trailer. */
const ending = () => Object.assign(encoder(), { trailer: (_: unknown, written: number) => Buffer.from(`${written}!`) });
const counters = () => COUNTERS;

test("the header goes out at once, packets as they come", async () => {
  const output = new LimitedOutput();
  const pipe = await CapturePipe.open(output, encoder(), counters);
  expect(output.content).toEqual(FILE_HEADER);
  await pipe.write(batchOf(60));
  expect(output.content).toEqual(Buffer.concat([FILE_HEADER, recordsOf([60])]));
  expect([pipe.packetsWritten, pipe.bytesWritten]).toEqual([1, 24 + 76]);
});

test("a reader that is gone before the header has no pipe", async () => {
  const error = new Error("EPIPE");
  const output = new LimitedOutput(10, error);
  await expect(CapturePipe.open(output, encoder(), counters)).rejects.toBe(error);
  expect(output.log).toEqual(["close"]);
});

test.each([
  [24, 0],
  [24 + 16 + 4 - 1, 0],
  [24 + 16 + 4, 1],
  [24 + 2 * (16 + 4) + 15, 2],
])("where %i bytes were taken, %i packets arrived", async (limit, packets) => {
  const error = new Error("EPIPE");
  const pipe = await CapturePipe.open(new LimitedOutput(limit, error), encoder(), counters);
  await expect(pipe.write(batchOf(4, 4, 4))).rejects.toBe(error);
  expect([pipe.packetsWritten, pipe.bytesWritten]).toEqual([packets, limit]);
});

test("what the file ends with follows the last packet, and the output is closed", async () => {
  const output = new LimitedOutput();
  const pipe = await CapturePipe.open(output, ending(), counters);
  await pipe.write(batchOf(4, 4));
  await pipe.close();
  expect(output.content.subarray(-2).toString()).toBe("2!");
  expect(output.log).toEqual(["close"]);
});

test("after a write that failed nothing follows, and the output is closed", async () => {
  const output = new LimitedOutput(30);
  const pipe = await CapturePipe.open(output, ending(), counters);
  await expect(pipe.write(batchOf(4))).rejects.toThrow("full");
  await pipe.close();
  expect(output.content).toHaveLength(30);
  expect(output.log).toEqual(["close"]);
});

test("a trailer that fails is told, and the output is closed all the same", async () => {
  const output = new LimitedOutput(25);
  const pipe = await CapturePipe.open(output, ending(), counters);
  await expect(pipe.close()).rejects.toThrow("full");
  expect(output.log).toEqual(["close"]);
});

test("giving up is passed on to the output", async () => {
  const output = new LimitedOutput();
  (await CapturePipe.open(output, encoder(), counters)).abandon();
  expect(output.log).toEqual(["abandon"]);
});
