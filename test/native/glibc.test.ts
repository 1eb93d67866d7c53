import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { symbolsAfterDebian11, versionedSymbols } from "../../scripts/lib/glibc-versions.mjs";

const addon = fileURLToPath(new URL("../../build/Release/ringcap.node", import.meta.url));

test("the addon asks for nothing that glibc 2.31 and the C++ library of Debian 11 do not have", () => {
  expect(versionedSymbols(addon).length).toBeGreaterThan(50);
  expect(symbolsAfterDebian11(addon)).toEqual([]);
});
