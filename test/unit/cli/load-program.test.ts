/** The files of the command line are run with the code that V8 made of them, and without where there is none of use. */
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keptCodePath, readKeptCode } from "../../../src/cli/kept-code.ts";
import { loadProgram } from "../../../src/cli/load-program.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

let programs = 0;

/** Makes a program whose source no other test has. V8 keeps what it compiled in this process. */
function makeProgram(answer: string, directory = temporaryDirectory()): string {
  const file = join(directory, "program.cjs");
  const identity = `// ${String(programs++).padStart(90)}\n`;
  const body = `const path = require("node:path"); exports.run = async () => "${answer} " + path.basename(__filename); //`;
  writeFileSync(file, identity + body);
  writeFileSync(join(directory, "other.cjs"), `${identity}exports.answer = "other";`);
  return file;
}

/** Changes the answer, so that another one says that kept code has run. */
function changeAnswer(file: string, answer: string): void {
  writeFileSync(file, readFileSync(file, "latin1").replace("first", answer));
}

async function keep(file: string): Promise<void> {
  const program = loadProgram(file);
  await program.run();
  program.keepCode();
}

test("a file without kept code is compiled", async () => {
  expect(await loadProgram(makeProgram("first")).run()).toBe("first program.cjs");
});

test("the code that was kept is run", async () => {
  const file = makeProgram("first");
  await keep(file);
  changeAnswer(file, "later");
  expect(await loadProgram(file).run()).toBe("first program.cjs");
});

test("code of a file of another length is not run", async () => {
  const file = makeProgram("first");
  await keep(file);
  changeAnswer(file, "longer");
  expect(await loadProgram(file).run()).toBe("longer program.cjs");
});

test("code of another V8 is not run, and is kept anew", async () => {
  const file = makeProgram("first");
  await keep(file);
  const bytes = readFileSync(keptCodePath(file));
  const otherVersion = (half: Buffer) => half.fill(0x5a, 2048 + 4, 2048 + 12);
  writeFileSync(
    keptCodePath(file),
    Buffer.concat([bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)].map(otherVersion)),
  );
  changeAnswer(file, "later");
  expect(await loadProgram(file).run()).toBe("later program.cjs");
  await keep(file);
  changeAnswer(file, "never");
  expect(await loadProgram(file).run()).toBe("later program.cjs");
});

test("the code is kept again once another part has run", async () => {
  const file = makeProgram("first");
  await keep(file);
  const uses = () => readKeptCode(file, readFileSync(file, "latin1"))?.uses;
  expect(uses()).toStrictEqual(["program.cjs"]);
  appendFileSync(file, '\nrequire("./other.cjs");');
  await keep(file);
  expect(uses()).toStrictEqual(["program.cjs", "other.cjs"]);
  expect(readdirSync(join(file, "..")).filter((name) => name.endsWith(".code-cache"))).toHaveLength(2);
});

test("a module that takes long to load is loaded when it is used", async () => {
  const file = join(temporaryDirectory(), "program.cjs");
  writeFileSync(
    file,
    'const { sep } = require("node:path"); const net = require("node:net"); exports.run = async () => net.isIP("::1") + sep;',
  );
  expect(await loadProgram(file).run()).toBe("6/");
  expect(existsSync(keptCodePath(file))).toBe(false);
});
