import { closeSync, constants, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CaptureOutput } from "../../../src/outputs/capture-output.ts";
import { PcapFileFormat } from "../../../src/outputs/pcap-format.ts";
import { namedPipe } from "../../support/named-pipe.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { batchOf, COUNTERS, DESCRIPTION, FILE_HEADER, recordsOf, tunnel, v0 } from "./batches.ts";

const format = () => new PcapFileFormat("micro");
const counters = () => COUNTERS;

/** An output that was prepared, of a file that is new or has some content. Only inside a test. */
function prepared(content?: string) {
  const path = join(temporaryDirectory(), "out.pcap");
  if (content !== undefined) writeFileSync(path, content);
  const output = new CaptureOutput(path, format());
  output.prepare();
  return { path, output };
}

test("a file has the header when its capture begins, and all packets when it is closed", async () => {
  const { path, output } = prepared();
  expect([output.packetsWritten, output.bytesWritten]).toEqual([0, 0]);
  await output.begin(DESCRIPTION, counters);
  expect(readFileSync(path)).toEqual(FILE_HEADER);
  await output.write(batchOf(60, 3));
  await output.write(batchOf(1));
  await output.close();
  expect(readFileSync(path)).toEqual(Buffer.concat([FILE_HEADER, recordsOf([60, 3]), recordsOf([1])]));
  expect([output.packetsWritten, output.bytesWritten]).toEqual([3, 24 + 76 + 19 + 17]);
  expect(output.files).toEqual([path]);
});

describe("a file that was there before", () => {
  const OLD = "an older capture";

  test("keeps its content until the capture begins", async () => {
    const { path, output } = prepared(OLD);
    expect(output.replacedBytes).toBe(OLD.length);
    expect(readFileSync(path, "utf8")).toBe(OLD);
    await output.begin(DESCRIPTION, counters);
    await output.close();
    expect(readFileSync(path)).toEqual(FILE_HEADER);
  });

  test("stays as it was where no capture came about", () => {
    const { path, output } = prepared(OLD);
    output.discard();
    expect(readFileSync(path, "utf8")).toBe(OLD);
  });

  test("stays as it was where the file cannot hold the packets", async () => {
    const { path, output } = prepared(OLD);
    const begun = output.begin({ ...DESCRIPTION, origins: [v0, tunnel] }, counters);
    await expect(begun).rejects.toThrow(expect.objectContaining({ code: "USAGE" }));
    output.discard();
    expect(readFileSync(path, "utf8")).toBe(OLD);
  });
});

test("a file that was made for a capture that did not come about goes", () => {
  const { path, output } = prepared();
  expect(existsSync(path)).toBe(true);
  output.discard();
  expect(existsSync(path)).toBe(false);
});

test("what a capture has begun to write is not discarded", async () => {
  const { path, output } = prepared();
  await output.begin(DESCRIPTION, counters);
  await output.write(batchOf(8));
  output.discard();
  await output.close();
  expect(readFileSync(path)).toHaveLength(24 + 24);
});

test("a second capture into the same file is refused, and the first goes on", async () => {
  const { path, output } = prepared();
  const second = new CaptureOutput(path, format());
  expect(() => second.prepare()).toThrow(expect.objectContaining({ code: "OUTPUT", hint: "choose another name" }));
  await output.begin(DESCRIPTION, counters);
  await output.close();
  expect(readFileSync(path)).toEqual(FILE_HEADER);
});

test("a disk that is full is met when the header is written", async () => {
  const output = new CaptureOutput("/dev/full", format());
  output.prepare();
  const refusal = { code: "OUTPUT", message: expect.stringContaining("write /dev/full: ENOSPC") };
  await expect(output.begin(DESCRIPTION, counters)).rejects.toThrow(expect.objectContaining(refusal));
  output.discard();
  expect(existsSync("/dev/full")).toBe(true);
});

test("a sink that was not prepared, or has not begun, says so", async () => {
  const output = new CaptureOutput("out.pcap", format());
  await expect(output.begin(DESCRIPTION, counters)).rejects.toThrow("before it is prepared");
  expect(() => output.write(batchOf(1))).toThrow("before it has begun");
});

test("a pipe that is full keeps its capture from beginning until that is given up", async () => {
  const path = namedPipe();
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(fd));
  expect(() => {
    for (;;) writeSync(fd, Buffer.alloc(4096));
  }).toThrow(/EAGAIN/);
  const output = new CaptureOutput(path, format());
  output.prepare();
  const begun = output.begin(DESCRIPTION, counters);
  output.abandon();
  await expect(begun).rejects.toMatchObject({
    message: expect.stringMatching(/stopped before everything was written/),
  });
});

test("a name that ends in / is that of a directory, and no file is made", () => {
  const path = join(temporaryDirectory(), "out.pcap");
  expect(() => new CaptureOutput(`${path}/`, format()).prepare()).toThrow(expect.objectContaining({ code: "USAGE" }));
  expect(existsSync(path)).toBe(false);
});
