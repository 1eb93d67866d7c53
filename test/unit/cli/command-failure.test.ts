/** What is said of programs that could not be started, by what the kernel answers of real ones. */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandFailure } from "../../../src/cli/command-failure.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

function failureOf(program: string, words: readonly string[] = []): { message: string; hint: string | undefined } {
  const { error } = spawnSync(program, words);
  const { message, hint } = commandFailure(program, error, process.env.PATH);
  return { message, hint };
}

function tool(text: string, mode: number): string {
  const path = join(temporaryDirectory(), "tool");
  writeFileSync(path, text, { mode });
  return path;
}

test.each([
  ["no-such-program", "there is no such program (ENOENT)"],
  ["./no/such/program", "there is no such program (ENOENT)"],
  ["/usr", "it is a directory (EACCES)"],
  ["/etc/passwd/x", "not a directory (ENOTDIR)"],
])("%s", (program, reason) => {
  expect(failureOf(program).message).toBe(`start the command ${program}: ${reason}`);
});

test("a file that is not executable becomes so by the hint", () => {
  const program = tool("#!/bin/sh\n", 0o644);
  const { message, hint = "" } = failureOf(program);
  expect(message).toBe(`start the command ${program}: it is not executable (EACCES)`);
  expect(hint).toBe(`chmod +x ${program}, if it is a program`);
  execFileSync("chmod", ["+x", program]);
  expect(spawnSync(program).status).toBe(0);
});

test("a script without its interpreter runs by the hint", () => {
  const program = tool("#!/no/such/interpreter\nexit 7\n", 0o755);
  const { message, hint = "" } = failureOf(program);
  expect(message).toBe(`start the command ${program}: the interpreter in its first line is not there (ENOENT)`);
  const [, ...words] = /^name one that is there: -- (\S+) (\S+);/.exec(hint) ?? [];
  expect(spawnSync(words[0] ?? "", words.slice(1)).status).toBe(7);
});
