/** Outputs that are also read. */
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { refuseOverwriting } from "../../../src/cli/same-file.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("a path that cannot be looked at is left to whoever opens it", () => {
  const directory = temporaryDirectory();
  const [file, loop, link] = ["file", "loop", "link"].map((name) => join(directory, name));
  if (file === undefined || loop === undefined || link === undefined) throw new Error("three names");
  writeFileSync(file, "");
  symlinkSync(loop, loop);
  symlinkSync(file, link);
  for (const name of [loop, join(file, "below"), join(directory, "x".repeat(300))]) {
    expect(() => refuseOverwriting(name, [file])).not.toThrow();
    expect(() => refuseOverwriting(file, [name])).not.toThrow();
  }
  expect(() => refuseOverwriting(link, [loop, file])).toThrow("is a file that is read");
});
