import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { WholeFile } from "../../../src/outputs/whole-file.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("a file takes the place of another one when it is whole, for its owner alone", async () => {
  const directory = temporaryDirectory();
  const path = join(directory, "x.html");
  writeFileSync(path, "old");
  chmodSync(path, 0o644);
  symlinkSync("x.html", join(directory, "link"));
  const file = new WholeFile(join(directory, "link"));
  expect(readdirSync(directory)).toEqual(["link", "x.html", "x.html.partial"]);
  expect(readFileSync(path, "utf8")).toBe("old");
  await file.write(Buffer.from("new"));
  expect(readdirSync(directory)).toEqual(["link", "x.html"]);
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("what is discarded leaves nothing, and the file that was there", () => {
  const directory = temporaryDirectory();
  const path = join(directory, "x.html");
  writeFileSync(path, "old");
  new WholeFile(path).discard();
  expect(readdirSync(directory)).toEqual(["x.html"]);
  expect(readFileSync(path, "utf8")).toBe("old");
});

test("a failed write leaves the file that was there", async () => {
  const directory = temporaryDirectory();
  const path = join(directory, "x.html");
  writeFileSync(path, "old");
  const file = new WholeFile(path);
  mkdirSync(join(directory, "other"));
  const partial = join(directory, "x.html.partial");
  renameSync(partial, join(directory, "other", "moved"));
  await expect(file.write(Buffer.from("new"))).rejects.toThrow(`write ${path}: another program moved or removed it`);
  expect(readFileSync(path, "utf8")).toBe("old");
});

test("a directory is refused", () => {
  expect(() => new WholeFile(temporaryDirectory())).toThrow(/^output: .* is a directory$/);
});

test("a device is written to as it is", async () => {
  await new WholeFile("/dev/null").write(Buffer.from("new"));
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
});
