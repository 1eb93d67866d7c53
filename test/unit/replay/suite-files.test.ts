import {
  chmodSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SuiteFiles } from "../../../src/replay/suite-files.ts";
import { runOrFail } from "../../support/run.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** A directory of a suite, and one beside it with a secret. */
function directories(): { suite: string; outside: string } {
  const parent = temporaryDirectory();
  const [suite, outside] = [join(parent, "suite"), join(parent, "suite-outside")];
  mkdirSync(join(suite, "below"), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(suite, "below/a.txt"), "inside");
  writeFileSync(join(outside, "secret.txt"), "secret");
  return { suite, outside };
}

const refusal = (message: RegExp) =>
  expect.objectContaining({ code: "INPUT", message: expect.stringMatching(message) });

describe("a suite may name", () => {
  test.each([
    ["a file below it", "below/a.txt", () => {}],
    ["one by a way around", "below/../below/./a.txt", () => {}],
    ["a link to one", "link", (suite: string) => symlinkSync("below/a.txt", join(suite, "link"))],
    ["one behind a linked directory", "dir/a.txt", (suite: string) => symlinkSync("below", join(suite, "dir"))],
    ["another name of one", "hard", (suite: string) => linkSync(join(suite, "below/a.txt"), join(suite, "hard"))],
  ])("%s", (_, name, prepare) => {
    const { suite } = directories();
    prepare(suite);
    using file = new SuiteFiles(suite, false).open(name);
    expect(file.readText(100)).toBe("inside");
    expect(readFileSync(file.path, "utf8")).toBe("inside");
  });

  test("a file by its absolute path, and one below a directory that is a link itself", () => {
    const { suite, outside } = directories();
    symlinkSync(suite, join(outside, "link"));
    using absolute = new SuiteFiles(suite, false).open(join(suite, "below/a.txt"));
    using linked = new SuiteFiles(join(outside, "link"), false).open("below/a.txt");
    expect(absolute.identity).toBe(linked.identity);
  });
});

describe("a suite may not name", () => {
  test.each([
    ["a file beside its directory", "../suite-outside/secret.txt", () => {}],
    ["one with the same beginning of its path", "../suite-outside/secret.txt", () => {}],
    ["an absolute path", "/etc/passwd", () => {}],
    ["a way out and in again", "../../etc/passwd", () => {}],
    ["a link out", "link", (suite: string) => symlinkSync("../suite-outside/secret.txt", join(suite, "link"))],
    ["an absolute link", "link", (suite: string) => symlinkSync("/etc/passwd", join(suite, "link"))],
    [
      "what is behind a directory that leads out",
      "dir/secret.txt",
      (suite: string) => symlinkSync("../suite-outside", join(suite, "dir")),
    ],
    [
      "a link to a link out",
      "first",
      (suite: string) => {
        symlinkSync("second", join(suite, "first"));
        symlinkSync("/etc/passwd", join(suite, "second"));
      },
    ],
    ["a device behind a link", "zero", (suite: string) => symlinkSync("/dev/zero", join(suite, "zero"))],
    ["an open file of this process", "self", (suite: string) => symlinkSync("/proc/self/fd/0", join(suite, "self"))],
  ])("%s", (_, name, prepare) => {
    const { suite } = directories();
    prepare(suite);
    expect(() => new SuiteFiles(suite, false).open(name)).toThrow(refusal(/: it is outside of the suite's directory$/));
  });

  test("what is no regular file, even where files outside are permitted, and waits for none", async () => {
    const { suite } = directories();
    await runOrFail("mkfifo", [join(suite, "fifo")]);
    const files = new SuiteFiles(suite, true);
    for (const name of ["fifo", "below", "/dev/zero", "/dev/null", "."]) {
      expect(() => files.open(name)).toThrow(refusal(/: it is not a regular file$/));
    }
  });

  test("files of the kernel, which say that they are empty", () => {
    const { suite } = directories();
    writeFileSync(join(suite, "empty"), "");
    const files = new SuiteFiles(suite, true);
    for (const name of ["empty", "/proc/self/maps"]) expect(() => files.open(name)).toThrow(refusal(/: it is empty$/));
  });

  test("what is not there, a name with a zero, and one that is too long", () => {
    const { suite } = directories();
    symlinkSync("nowhere", join(suite, "dangling"));
    const files = new SuiteFiles(suite, false);
    expect(files.find("absent")).toBeUndefined();
    expect(files.find("dangling")).toBeUndefined();
    expect(() => files.open("absent")).toThrow(refusal(/^open absent: there is no such file$/));
    expect(() => files.open("a\0b")).toThrow(refusal(/^open a\\x00b: the name has a byte of zero$/));
    expect(() => files.open("a".repeat(5000))).toThrow(refusal(/^open a file: its name is too long$/));
    expect(() => files.open("a".repeat(300))).toThrow(refusal(/: ENAMETOOLONG \(name too long\)$/));
    expect(() => files.open("below/a.txt/b")).toThrow(refusal(/: ENOTDIR \(not a directory\)$/));
    symlinkSync("circle", join(suite, "circle"));
    expect(() => files.open("circle")).toThrow(refusal(/^open circle: ELOOP \(too many symbolic links encountered\)$/));
  });
});

test("with --allow-outside it may name files anywhere", () => {
  const { suite, outside } = directories();
  symlinkSync(outside, join(suite, "dir"));
  const files = new SuiteFiles(suite, true);
  for (const name of ["../suite-outside/secret.txt", join(outside, "secret.txt"), "dir/secret.txt"]) {
    using file = files.open(name);
    expect(file.readText(100)).toBe("secret");
  }
});

test("a file that was opened stays that file, whatever its path leads to later", () => {
  const { suite, outside } = directories();
  using file = new SuiteFiles(suite, false).open("below/a.txt");
  rmSync(join(suite, "below"), { recursive: true });
  symlinkSync(outside, join(suite, "below"));
  expect(file.readText(100)).toBe("inside");
  expect(readFileSync(file.path, "utf8")).toBe("inside");
});

test("a file of more bytes than it may have is refused", () => {
  const { suite } = directories();
  using file = new SuiteFiles(suite, false).open("below/a.txt");
  expect(() => file.readText(5)).toThrow(refusal(/it has more than 5 bytes$/));
  expect(file.readText(6)).toBe("inside");
});

/** Replaces a file as --update does. */
function replace(files: SuiteFiles, name: string, content: string): void {
  using existing = files.find(name);
  using replacement = files.replace(name, existing);
  writeSync(replacement.fd, content);
  closeSync(replacement.fd);
  replacement.commit();
}

describe("what replaces a file", () => {
  test("has the permissions of the one before, and is the owner's alone when it is new", () => {
    const { suite } = directories();
    chmodSync(join(suite, "below/a.txt"), 0o640);
    const files = new SuiteFiles(suite, false);
    replace(files, "below/a.txt", "new");
    replace(files, "below/b.txt", "other");
    expect(readFileSync(join(suite, "below/a.txt"), "utf8")).toBe("new");
    expect(statSync(join(suite, "below/a.txt")).mode & 0o777).toBe(0o640);
    expect(statSync(join(suite, "below/b.txt")).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(suite, "below")).sort()).toEqual(["a.txt", "b.txt"]);
  });

  test("takes the place of what a link leads to, and leaves the link and other names alone", () => {
    const { suite } = directories();
    symlinkSync("below/a.txt", join(suite, "link"));
    linkSync(join(suite, "below/a.txt"), join(suite, "hard"));
    replace(new SuiteFiles(suite, false), "link", "new");
    expect(lstatSync(join(suite, "link")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(suite, "below/a.txt"), "utf8")).toBe("new");
    expect(readFileSync(join(suite, "hard"), "utf8")).toBe("inside");
  });

  test("takes the place of a link that leads nowhere, and does not follow it", () => {
    const { suite, outside } = directories();
    symlinkSync(join(outside, "made.txt"), join(suite, "dangling"));
    replace(new SuiteFiles(suite, false), "dangling", "new");
    expect(lstatSync(join(suite, "dangling")).isFile()).toBe(true);
    expect(readdirSync(outside)).toEqual(["secret.txt"]);
  });

  test("is not written outside, by no name", () => {
    const { suite, outside } = directories();
    symlinkSync(outside, join(suite, "dir"));
    const files = new SuiteFiles(suite, false);
    for (const name of ["dir/new.txt", "../new.txt", join(outside, "new.txt")]) {
      expect(() => replace(files, name, "new")).toThrow(refusal(/outside of the suite's directory$/));
    }
    expect(readdirSync(outside)).toEqual(["secret.txt"]);
  });

  test("goes to the directory that was looked at, whatever its path leads to later", () => {
    const { suite, outside } = directories();
    const files = new SuiteFiles(suite, false);
    using replacement = files.replace("below/new.txt", undefined);
    renameSync(join(suite, "below"), join(suite, "moved"));
    symlinkSync(outside, join(suite, "below"));
    closeSync(replacement.fd);
    replacement.commit();
    expect(readdirSync(join(suite, "moved")).sort()).toEqual(["a.txt", "new.txt"]);
    expect(readdirSync(outside)).toEqual(["secret.txt"]);
  });

  test("leaves nothing behind when it is not put in its place", () => {
    const { suite } = directories();
    {
      using replacement = new SuiteFiles(suite, false).replace("below/new.txt", undefined);
      closeSync(replacement.fd);
    }
    expect(readdirSync(join(suite, "below"))).toEqual(["a.txt"]);
  });
});
