import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { Baseline } from "../../../../src/flood/baseline/baseline.ts";
import { BaselineFile } from "../../../../src/flood/baseline/baseline-file.ts";
import { stateOf, stateText } from "../../../../src/flood/baseline/baseline-state.ts";
import { describeWith, requirements } from "../../../support/privileges.ts";
import { random } from "../../../support/random.ts";
import { runOrFail } from "../../../support/run.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";
import { SimulatedHost } from "./simulated-host.ts";

const NOW = 1_700_000_000;
const { baseline } = new SimulatedHost().live({ seconds: 86_400 });
const TEXT = stateText(baseline.state(), NOW);

/** A file at a new path, and its notes. */
function newFile() {
  const path = join(temporaryDirectory(), "usual.json");
  const notes: string[] = [];
  return { path, notes, file: new BaselineFile(path, (note) => notes.push(note)) };
}

function expectNear(levels: readonly number[], others: readonly number[]): void {
  for (const [hour, level] of levels.entries()) expect(others[hour]).toBeCloseTo(level, 2);
}

test("the text of a state is small, and gives the state back", () => {
  expect(TEXT.length).toBeLessThan(20_000);
  const state = stateOf(TEXT, NOW);
  if (typeof state === "string") throw new Error(state);
  expect(state.minutes).toEqual(baseline.state().minutes);
  expectNear(state.levels.packets, baseline.state().levels.packets);
  expect(stateText(state, NOW)).toBe(TEXT);
});

test.each([
  ["nothing", "", "it is not JSON"],
  ["a part of it", TEXT.slice(0, -20), "it is not JSON"],
  ["another file", '{"version":1}', "it is damaged"],
  ["a list", "[]", "it is not a file of usual rates"],
  ["a later version", TEXT.replace('"version":1', '"version":2'), "it is of another version of ringcap"],
  ["an hour too few", TEXT.replace('"minutes":[0,', '"minutes":['), "it is damaged"],
  ["a kind of traffic too few", TEXT.replace('"syn":', '"sin":'), "it is damaged"],
  ["a prototype in its place", TEXT.replace('"syn":', '"__proto__":'), "it is damaged"],
  ["text in place of a level", TEXT.replace(/"packets":\[\d+/, '"packets":["1"'), "it is damaged"],
  ["a level beyond any rate", TEXT.replace(/"packets":\[\d+/, '"packets":[46001'), "it is damaged"],
  ["a level below zero", TEXT.replace(/"packets":\[\d+/, '"packets":[-1'), "it is damaged"],
  ["a fraction of a level", TEXT.replace(/"packets":\[\d+/, '"packets":[0.5'), "it is damaged"],
])("a text with %s is refused", (_, text, reason) => {
  expect(stateOf(text, NOW)).toBe(reason);
});

test("a text that is old is refused, and one that is from the future is taken", () => {
  expect(stateOf(TEXT, NOW + 57 * 86_400)).toBe("it is older than eight weeks");
  expect(stateOf(TEXT, NOW + 55 * 86_400)).toBeTypeOf("object");
  expect(stateOf(TEXT, 0)).toBeTypeOf("object");
});

test("a text with any changed byte is taken or refused, and what is taken has a rate", () => {
  const next = random(3);
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(TEXT);
    bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
    const state = stateOf(bytes.toString(), NOW);
    if (typeof state === "string") continue;
    expect(new Baseline({ state, localTime: () => new Date(0) }).usual("packets", 0n)).toBeGreaterThanOrEqual(0);
  }
});

test("a file is saved whole, for its owner alone, and read", async () => {
  const { path, notes, file } = newFile();
  expect(file.read()).toBeUndefined();
  writeFileSync(`${path}.partial`, "of a process that was killed");
  await Promise.all([file.save(baseline.state()), file.save(baseline.state())]);
  expect(readdirSync(join(path, ".."))).toEqual(["usual.json"]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(file.read()?.minutes).toEqual(baseline.state().minutes);
  expect(notes).toEqual([]);
});

test("a file is saved every ten minutes", () => {
  const { file } = newFile();
  const saved: number[] = [];
  for (let elapsed = 5; elapsed <= 1900; elapsed += 5) {
    file.saveWhenDue(elapsed, () => {
      saved.push(elapsed);
      return baseline.state();
    });
  }
  expect(saved).toEqual([605, 1205, 1805]);
  return file.save(baseline.state());
});

test("a place that cannot be written is told once, until it can", async () => {
  const { path, notes, file } = newFile();
  mkdirSync(path);
  await file.save(baseline.state());
  await file.save(baseline.state());
  expect(notes).toEqual([expect.stringMatching(/usual\.json: EISDIR.*: the usual rates are not saved$/)]);
});

test.each([
  ["text that is none of ours", "it is not JSON", (path: string) => writeFileSync(path, "\u001b[31m")],
  ["a directory", "it is not a regular file", (path: string) => mkdirSync(path)],
  ["a named pipe", "it is not a regular file", (path: string) => runOrFail("mkfifo", [path])],
  ["a link", "ELOOP", (path: string) => symlinkSync("/dev/zero", path)],
  [
    "more than a state can have",
    "it has more than 262144 bytes",
    (path: string) => {
      writeFileSync(path, "");
      truncateSync(path, 1e12);
    },
  ],
])("%s is noted, and everything is learnt anew", async (_, reason, make) => {
  const { path, notes, file } = newFile();
  await make(path);
  expect(file.read()).toBeUndefined();
  expect(notes).toEqual([expect.stringMatching(`^${path}: ${reason}.*: the usual rates are learnt anew$`)]);
});

test("a file in the way of the new one is replaced, whatever it leads to", async () => {
  const { path, file } = newFile();
  const other = join(path, "..", "other");
  writeFileSync(other, "left alone");
  chmodSync(other, 0o644);
  symlinkSync(other, path);
  symlinkSync(other, `${path}.partial`);
  await file.save(baseline.state());
  expect(readFileSync(other, "utf8")).toBe("left alone");
  expect(file.read()).toBeDefined();
});

describeWith(requirements.root, "a file of usual rates", () => {
  test("of a stranger is not taken, and one of the owner of its directory is", () => {
    const { path, notes, file } = newFile();
    writeFileSync(path, stateText(baseline.state(), Math.floor(Date.now() / 1000)));
    chownSync(path, 12_345, 12_345);
    expect(file.read()).toBeUndefined();
    expect(notes).toEqual([`${path}: it belongs to another user: the usual rates are learnt anew`]);
    chownSync(dirname(path), 12_345, 12_345);
    expect(file.read()).toBeDefined();
  });
});

test("what could not be saved leaves nothing beside the file", async () => {
  const { path, notes, file } = newFile();
  mkdirSync(join(path, "taken"), { recursive: true });
  await file.save(baseline.state());
  expect(notes).toEqual([expect.stringContaining("the usual rates are not saved")]);
  expect(readdirSync(dirname(path))).toEqual(["usual.json"]);
});
