import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startRingcap } from "../../support/cli.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** Starts a program that stands in for the command line. */
function start(source: string, args: readonly string[] = []) {
  const script = join(temporaryDirectory(), "program.mjs");
  writeFileSync(script, source);
  return startRingcap(args, { script, env: { RINGCAP_TEST_WORD: "word" } });
}

const waitForTerm = "const alive = setInterval(() => {}, 1000); process.on('SIGTERM', () => clearInterval(alive));";

test("listening() resolves when the program says so, in whatever pieces", async () => {
  const program = start(`
    ${waitForTerm}
    process.stderr.write("note\\nlisten");
    setImmediate(() => process.stderr.write("ing on v0\\n"));`);
  await program.listening();
  program.child.kill("SIGTERM");
  expect(await program.exit).toMatchObject({ code: 0, signal: null, stderr: "note\nlistening on v0\n" });
});

test("listening() rejects with the messages of a program that ends before", async () => {
  const program = start(`console.error("not listening on purpose"); process.exitCode = 2;`);
  await expect(program.listening()).rejects.toThrow(/exit code 2[\s\S]*not listening on purpose/);
  await expect(program.listening()).rejects.toThrow(/exit code 2/);
});

test("arguments and environment arrive, and json() is the object of standard output", async () => {
  const program = start(`console.log(JSON.stringify([process.argv.slice(2), process.env.RINGCAP_TEST_WORD]))`, ["-i"]);
  expect(await program.json<unknown>()).toEqual([["-i"], "word"]);
});

test("json() finds the object among the messages of standard error", async () => {
  const program = start(`console.error("listening on v0\\n" + JSON.stringify({ a: { b: 1 } }, null, 2) + "\\nbye")`);
  expect(await program.json<unknown>("stderr")).toEqual({ a: { b: 1 } });
});

test("json() rejects with the messages when there is no object", async () => {
  const program = start(`console.error("no such device"); process.exitCode = 1;`);
  await expect(program.json()).rejects.toThrow(/exit code 1[\s\S]*no such device/);
});

test("waitForStderr() finds what has come before it was called", async () => {
  const program = start(`${waitForTerm} console.error("listening on v0"); console.error("7 packets");`);
  await program.waitForStderr(/packets/);
  expect((await program.waitForStderr(/(\d+) packets/))[1]).toBe("7");
});
