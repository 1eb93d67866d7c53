/** The file of the command line is run with the code that V8 made of it, and without where there is none of use. */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codeCachePath, compileProgram, loadProgram } from "../../../src/cli/load-program.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

let programs = 0;

/** Makes a program whose source no other test has. V8 keeps what it compiled in this process. */
function program(): { file: string; answer: string } {
  const answer = String(1_000_000 + programs++);
  const file = join(temporaryDirectory(), "program.cjs");
  const source = `const { basename } = require("node:path"); exports.run = async () => "${answer} " + basename(__filename); //`;
  writeFileSync(file, source);
  return { file, answer: `${answer} program.cjs` };
}

test("a file without kept code is compiled", async () => {
  const { file, answer } = program();
  expect(compileProgram(file).cachedDataRejected).toBeUndefined();
  expect(await loadProgram(file).run()).toBe(answer);
});

test("the code that was kept is taken", async () => {
  const { file, answer } = program();
  writeFileSync(codeCachePath(file), compileProgram(file).createCachedData());
  const script = compileProgram(file);
  expect(script.cachedDataRejected).toBe(false);
  expect(await loadProgram(file, script).run()).toBe(answer);
});

test.each([
  ["that is empty", () => Buffer.alloc(0)],
  ["that is cut", (code: Buffer) => code.subarray(0, code.length / 2)],
  ["of another V8", (code: Buffer) => code.fill(0x5a, 4, 12)],
  [
    "of a file of another length",
    (code: Buffer, file: string) => {
      appendFileSync(file, " longer");
      return code;
    },
  ],
])("code %s is refused, and the file is compiled", async (_what, change) => {
  const code = compileProgram(program().file).createCachedData();
  const { file, answer } = program();
  writeFileSync(codeCachePath(file), change(code, file));
  const script = compileProgram(file);
  expect(script.cachedDataRejected).toBe(true);
  expect(await loadProgram(file, script).run()).toBe(answer);
});
