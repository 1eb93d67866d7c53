/** Every hint about an option of another program is followed that can be. */
import { test } from "vitest";
import { describeWith } from "../../support/privileges.ts";
import { hintFollower, needed } from "./following.ts";
import { foreignHints } from "./foreign.ts";

describeWith(needed, "the hint that is followed", () => {
  const { follow } = hintFollower();
  test.each(foreignHints)("about another program's options, at %s: %s", (_command, _flags, row) => follow(row));
});
