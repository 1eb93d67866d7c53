import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { installCopy } from "../support/installation.ts";
import { run } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const bin = fileURLToPath(new URL("../../bin", import.meta.url));

/** The command as `npm link` puts it on the path. */
function linked(directory: string): string {
  cpSync(bin, join(directory, "bin"), { recursive: true });
  const path = join(temporaryDirectory(), "ringcap");
  symlinkSync(join(directory, "bin/ringcap.cjs"), path);
  return path;
}

test.each(["", "--preserve-symlinks --preserve-symlinks-main"])(
  "the linked command is the built one: %s",
  async (options) => {
    const env = { ...process.env, NODE_OPTIONS: options };
    const { code, stdout } = await run(linked(installCopy().directory), ["--version"], { env });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
    expect(code).toBe(0);
  },
);

test("an earlier Node.js than that of package.json is told which one is needed", async () => {
  const least: string = JSON.parse(readFileSync("package.json", "utf8")).engines.node.replace(">=", "");
  // Nothing else is read: the directory has no program.
  const command = linked(temporaryDirectory());
  const pretended = (node: string) => {
    const script = `Object.defineProperty(process, "versions", { value: { node: "${node}" } })`;
    return run(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(script)}`, command]);
  };
  const [old, later] = await Promise.all([pretended("18.20.8"), pretended(`${least}.0`)]);
  expect(old.stderr).toContain(`ringcap needs Node.js ${least} or later, and this is 18.20.8 (`);
  expect(old.code).toBe(1);
  expect(later.stderr).toContain("has not been built");
});

test.each([
  ["before a build", "dist", "dist/bundle/main.cjs"],
  ["after a build that was interrupted", "dist/bundle/command-line.cjs", "dist/bundle/command-line.cjs"],
])("%s, the linked command says how to build it", async (_when, removed, missing) => {
  const { directory } = installCopy();
  rmSync(join(directory, removed), { recursive: true });
  const command = linked(directory);
  const { code, stderr } = await run(command, ["-D"]);
  expect(stderr).toContain(`${missing} is not there: ringcap has not been built\n`);
  expect(code).toBe(1);
  // What the last words run is the script of that name of the package in that directory.
  const [, hint = "false"] = /^ringcap: build it: (.*)$/m.exec(stderr) ?? [];
  mkdirSync(join(directory, "scripts"));
  const stub = join(directory, "scripts/setup.mjs");
  await run("sh", ["-c", 'echo "console.log(process.cwd())" >"$0"', stub]);
  const followed = await run("sh", ["-c", hint]);
  expect(followed.stdout.trim().split("\n").at(-1)).toBe(directory);
  expect(followed.code).toBe(0);
});
