import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { requirements } from "../../support/privileges.ts";
import { run } from "../../support/run.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs, in a vitest of its own, a suite that lacks a tool. */
function runSuite(environment: Readonly<Record<string, string>>) {
  const directory = temporaryDirectory();
  symlinkSync(join(repository, "node_modules"), join(directory, "node_modules"));
  writeFileSync(
    join(directory, "lacking.test.ts"),
    `import { test } from "vitest";
     import { describeWith, requirements } from "${repository}test/support/privileges.ts";
     describeWith([() => undefined, requirements.tools("no-such-tool")], "suite", () => { test("inner", () => {}); });`,
  );
  const env = { ...process.env, NO_COLOR: "1", CI: "", ...environment };
  const vitest = join(repository, "node_modules/vitest/vitest.mjs");
  const words = [vitest, "run", "--root", directory, "--reporter", "tap-flat"];
  return run(process.execPath, words, { env, cwd: directory });
}

test("a suite whose requirement is missing is skipped with the reason in its title", async () => {
  const { code, stdout } = await runSuite({});
  expect(stdout).toMatch(/^ok .*suite \(skipped: needs no-such-tool\) > inner # SKIP/m);
  expect(code).toBe(0);
});

test("under CI=true the same suite fails", async () => {
  const { code, stdout } = await runSuite({ CI: "true" });
  expect(stdout).toMatch(/^not ok .*suite/m);
  expect(stdout).toContain("needs no-such-tool");
  expect(code).toBe(1);
});

test("tools that are there are not missing", () => {
  expect(requirements.tools("sh", "env")()).toBeUndefined();
});
