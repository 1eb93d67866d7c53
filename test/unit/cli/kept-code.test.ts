/** Kept code is read only where nobody but this user and root can have written it, and only as it was written. */
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { keepCode, keptCodePath, mayKeepCode, readKeptCode } from "../../../src/cli/kept-code.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const SOURCE = "// a source\n";
const CODE = Buffer.from("code that V8 made");
const STRANGER = 65_534;

afterEach(() => {
  vi.restoreAllMocks();
});

/** A file beside which code is kept. */
function kept(): string {
  const file = join(temporaryDirectory(), "program.cjs");
  keepCode(file, SOURCE, { code: CODE, uses: ["program.cjs"] });
  return file;
}

/** Makes the path belong to another user. Where the tests may not do that, they are another user themselves. */
function giveAway(path: string): void {
  if (process.geteuid?.() === 0) chownSync(path, STRANGER, STRANGER);
  else vi.spyOn(process, "geteuid").mockReturnValue(STRANGER);
}

test("what was kept is read, and belongs to one version of Node.js", () => {
  const file = kept();
  expect(readKeptCode(file, SOURCE)).toStrictEqual({ code: CODE, uses: ["program.cjs"] });
  expect(readdirSync(dirname(file))).toStrictEqual([`program.cjs.${process.version}-${process.arch}.code-cache`]);
  expect(mayKeepCode(file)).toBe(true);
});

test.each<[string, (code: string, directory: string) => void]>([
  ["in a directory that everybody may write", (_, directory) => chmodSync(directory, 0o777)],
  ["in a directory that a group may write", (_, directory) => chmodSync(directory, 0o775)],
  ["in the directory of another user", (_, directory) => giveAway(directory)],
  ["of another user", (code) => giveAway(code)],
  ["that everybody may write", (code) => chmodSync(code, 0o646)],
  ["that a group may write", (code) => chmodSync(code, 0o664)],
  [
    "behind a symbolic link",
    (code, directory) => {
      renameSync(code, join(directory, "elsewhere"));
      symlinkSync("elsewhere", code);
    },
  ],
  ["with one bit changed", (code) => change(code, (bytes) => bytes.map((byte, at) => byte ^ Number(at === 2050)))],
  ["that is cut", (code) => change(code, (bytes) => bytes.subarray(0, -1))],
  ["that is empty", (code) => writeFileSync(code, "")],
  ["of nothing but zeros", (code) => change(code, (bytes) => bytes.fill(0))],
  ["that does not say what it is of", (code) => change(code, (bytes) => replaceAll(bytes, '"uses"', '"used"'))],
])("code %s is not read", (_what, spoil) => {
  const file = kept();
  spoil(keptCodePath(file), dirname(file));
  expect(readKeptCode(file, SOURCE)).toBeUndefined();
});

function change(path: string, by: (bytes: Buffer) => Uint8Array): void {
  writeFileSync(path, by(readFileSync(path)));
}

function replaceAll(bytes: Buffer, from: string, to: string): Buffer {
  return Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1");
}

test("kept code can be read by all, whatever the umask is", () => {
  const umask = process.umask(0o077);
  onTestFinished(() => void process.umask(umask));
  expect(statSync(keptCodePath(kept())).mode & 0o777).toBe(0o644);
});

test("code of another source is not read", () => {
  expect(readKeptCode(kept(), "// another source\n")).toBeUndefined();
});

test.each<[string, (directory: string) => void]>([
  ["that everybody may write", (directory) => chmodSync(directory, 0o777)],
  ["that a group may write", (directory) => chmodSync(directory, 0o775)],
  ["of another user", giveAway],
])("no code is kept in a directory %s", (_what, spoil) => {
  const file = join(temporaryDirectory(), "program.cjs");
  spoil(dirname(file));
  expect(mayKeepCode(file)).toBe(false);
});

test.runIf(process.geteuid?.() !== 0)("no code is made for a directory that cannot be written", () => {
  const file = join(temporaryDirectory(), "program.cjs");
  chmodSync(dirname(file), 0o555);
  expect(mayKeepCode(file)).toBe(false);
});

test("code that cannot be put in its place leaves nothing behind", () => {
  const file = join(temporaryDirectory(), "program.cjs");
  mkdirSync(join(keptCodePath(file), "in-the-way"), { recursive: true });
  keepCode(file, SOURCE, { code: CODE, uses: [] });
  expect(readdirSync(dirname(file))).toStrictEqual([keptCodePath(file).slice(dirname(file).length + 1)]);
  keepCode(join(dirname(file), "missing/program.cjs"), SOURCE, { code: CODE, uses: [] });
});
