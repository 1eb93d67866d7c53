import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = fileURLToPath(new URL("../../../native/error_name.cc", import.meta.url));

/** Second names of the same numbers. */
const ALIASES = ["ENOTSUP", "EWOULDBLOCK"];

test("the addon names every error that Node.js names", () => {
  const named = new Set([...readFileSync(source, "utf8").matchAll(/NAMED\((E\w+)\)/g)].map(([, name]) => name));
  expect(Object.keys(constants.errno).filter((name) => !named.has(name) && !ALIASES.includes(name))).toEqual([]);
});
