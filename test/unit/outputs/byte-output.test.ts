import { closeSync, constants, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openByteOutput } from "../../../src/outputs/byte-output.ts";
import { namedPipe, stalledReader } from "../../support/named-pipe.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** More than a pipe holds: 64 KiB, see pipe(7). */
const MUCH = Buffer.alloc(1 << 18, "x");

/** A pipe whose reader does not read, and what is written into it. Only inside a test. */
function pipe() {
  const path = namedPipe();
  const goAway = stalledReader(path);
  const output = openByteOutput(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK), "a pipe");
  return { path, goAway, output };
}

/** Another reader of the pipe, that reads whenever it is called. */
function readerOf(path: string): () => number {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(fd));
  const buffer = Buffer.alloc(1 << 16);
  return () => {
    try {
      return readSync(fd, buffer);
    } catch {
      return 0; // nothing is there
    }
  };
}

test("a file takes everything at once", async () => {
  const path = join(temporaryDirectory(), "file");
  const output = openByteOutput(openSync(path, "w"), path);
  expect(output.write(MUCH)).toBeUndefined();
  await output.close();
  expect(statSync(path).size).toBe(MUCH.length);
  expect(output.bytesWritten).toBe(MUCH.length);
});

test("a full disk is an error of the output, with what helps", () => {
  const output = openByteOutput(openSync("/dev/full", "w"), "/dev/full");
  onTestFinished(() => void output.close());
  expect(() => output.write(MUCH)).toThrow(
    expect.objectContaining({ code: "OUTPUT", hint: expect.stringContaining("free some space") }),
  );
});

test("a pipe takes what it holds at once, and the rest as its reader reads", async () => {
  const { path, output } = pipe();
  const read = readerOf(path);
  let isDone = false;
  const written = Promise.resolve(output.write(MUCH)).then(() => {
    isDone = true;
  });
  expect(output.bytesWritten).toBeGreaterThan(0);
  expect(output.bytesWritten).toBeLessThan(MUCH.length);
  let received = 0;
  while (!isDone || received < MUCH.length) {
    received += read();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await written;
  expect(output.bytesWritten).toBe(MUCH.length);
  await output.close();
});

test("a reader that goes away closes the output of a write that waits", async () => {
  const { goAway, output } = pipe();
  const written = Promise.resolve(output.write(MUCH));
  goAway();
  await expect(written).rejects.toThrow(expect.objectContaining({ code: "OUTPUT_CLOSED" }));
  await output.close();
});

test("giving up ends a write that waits, refuses the next, and what was taken is known", async () => {
  const { path, output } = pipe();
  const read = readerOf(path);
  const written = Promise.resolve(output.write(MUCH));
  output.abandon();
  const refusal = expect.objectContaining({ code: "OUTPUT", message: expect.stringContaining("stopped before") });
  await expect(written).rejects.toThrow(refusal);
  expect(() => output.write(MUCH)).toThrow(refusal);
  await output.close();
  let received = 0;
  for (let bytes = read(); bytes > 0; bytes = read()) received += bytes;
  expect(received).toBe(output.bytesWritten);
});

test("the description that was inherited still waits: it is shared with others", async () => {
  const path = namedPipe();
  const read = readerOf(path);
  const inherited = openSync(path, "w");
  onTestFinished(() => closeSync(inherited));
  const flagsOf = () => /flags:\s+(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${inherited}`, "utf8"))?.[1];
  const before = flagsOf();
  // Duplicated as a child of a shell has it.
  const output = openByteOutput(openSync(`/proc/self/fd/${inherited}`, "w"), "a pipe");
  await output.write(Buffer.from("y"));
  expect(flagsOf()).toBe(before);
  expect(read()).toBe(1);
  await output.close();
});
