/** The directory of a watch, and who else may have it. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WatchDirectory } from "../../src/flood/index.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const refusal = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

test("one watch has a directory at a time, and the other one is told whose it is", () => {
  const path = join(temporaryDirectory(), "incidents");
  const first = new WatchDirectory(path);
  expect(() => new WatchDirectory(path)).toThrow(
    refusal("OUTPUT", `write to ${path}: the watch of process ${process.pid} writes to it`),
  );
  writeFileSync(join(path, "something"), "");
  first.abandon();
  const second = new WatchDirectory(path);
  second.abandon();
  expect(existsSync(path)).toBe(true);
});

test("a directory that was made for nothing is removed", () => {
  const path = join(temporaryDirectory(), "incidents");
  new WatchDirectory(path).abandon();
  expect(existsSync(path)).toBe(false);
});

test("what is no place for incidents is refused", () => {
  const parent = temporaryDirectory();
  const open = join(parent, "open");
  mkdirSync(join(open, "incidents"), { recursive: true });
  chmodSync(open, 0o777);
  expect(() => new WatchDirectory(join(open, "incidents"))).toThrow(
    refusal("OUTPUT", `anybody may rename and remove what is in ${open}`),
  );
  chmodSync(open, 0o1777);
  const allowed = new WatchDirectory(join(open, "incidents"));
  onTestFinished(() => allowed.abandon());
  expect(() => new WatchDirectory(join(parent, "x.pcapng"))).toThrow(refusal("USAGE", "is the name of a file"));
  expect(() => new WatchDirectory("/proc/incidents")).toThrow(
    expect.objectContaining({ code: "OUTPUT", hint: expect.any(String) }),
  );
});
