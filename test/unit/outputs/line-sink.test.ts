import { expect, test } from "vitest";
import { CountingSink } from "../../../src/outputs/counting-sink.ts";
import { LineSink } from "../../../src/outputs/lines/line-sink.ts";
import { PLAIN_LINES } from "../../support/plain-lines.ts";
import { batchOf, DESCRIPTION, LimitedOutput, tunnel, v0 } from "./batches.ts";

const options = { ...PLAIN_LINES, timeForm: 1 } as const;

async function textOf(origins = [v0], packets = 2): Promise<string> {
  const output = new LimitedOutput();
  const sink = new LineSink(output, options);
  sink.begin({ ...DESCRIPTION, origins });
  await sink.write(batchOf(...Array.from({ length: packets }, () => 20)));
  return output.content.toString();
}

const linesOf = async (origins = [v0]) => (await textOf(origins)).split("\n");

test("each packet is a line, and the last one ends too", async () => {
  const lines = await linesOf();
  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe("");
});

test("lines name the interface where there are several, or both directions", async () => {
  const [plain = ""] = await linesOf();
  expect(plain).not.toContain("v0");
  expect(await linesOf([v0, tunnel])).toEqual([`v0    In  ${plain}`, expect.stringMatching(/^v0 {4}In {2}/), ""]);
  expect((await linesOf([{ ...v0, direction: "inout" }]))[0]).toBe(`v0    In  ${plain}`);
});

test.each([0, 1, 2, 3])("where %i lines were taken whole, so many packets arrived", async (whole) => {
  const end = (await textOf([v0], whole)).length;
  const endOfNext = (await textOf([v0], whole + 1)).length;
  for (const taken of [end, endOfNext - 1]) {
    const error = new Error("EPIPE");
    const sink = new LineSink(new LimitedOutput(taken, error), options);
    await expect(sink.write(batchOf(20, 20, 20, 20))).rejects.toBe(error);
    expect([sink.packetsWritten, sink.bytesWritten]).toEqual([whole, taken]);
  }
});

test("giving up and closing are passed on to the output", async () => {
  const output = new LimitedOutput();
  const sink = new LineSink(output, options);
  sink.abandon();
  await sink.close();
  expect(output.log).toEqual(["abandon", "close"]);
});

test("a sink that only counts has every packet, and no bytes", () => {
  const sink = new CountingSink();
  sink.write(batchOf(1, 2, 3));
  sink.write(batchOf());
  sink.write(batchOf(4));
  sink.close();
  expect([sink.packetsWritten, sink.bytesWritten]).toEqual([4, 0]);
});
