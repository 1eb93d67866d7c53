/** Every hint about an option, a filter or the expression is followed that can be. */
import { test } from "vitest";
import { describeWith } from "../../support/privileges.ts";
import { hintFollower, needed } from "./following.ts";
import { optionHints } from "./options.ts";

describeWith(needed, "the hint that is followed", () => {
  const { follow } = hintFollower();
  test.each(optionHints.map((row) => [row.hint, row] as const))("about options: %s", (_hint, row) => follow(row));
});
