/** Every hint about files is followed that can be. */
import { test } from "vitest";
import { describeWith } from "../../support/privileges.ts";
import { fileHints } from "./files.ts";
import { hintFollower, needed } from "./following.ts";

describeWith(needed, "the hint that is followed", () => {
  const { follow } = hintFollower();
  test.each(fileHints.map((row) => [row.hint, row] as const))("about files: %s", (_hint, row) => follow(row));
});
