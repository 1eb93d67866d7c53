/** What a replay reads and what it writes must not be one file, and who reads what it writes may leave. */
import { copyFileSync, linkSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type StartOptions, startRingcap } from "../support/cli.ts";
import { inputFrom, namedPipe, outputTo, stalledReader } from "../support/named-pipe.ts";
import { run } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const flood = "fixtures/syn-flood-ipv4.pcap";

function replay(args: readonly string[], options?: StartOptions) {
  return startRingcap(["replay", ...args, "--engine", "user"], options).exit;
}

/** A copy of a capture, with another name of each kind. */
function copyWithNames() {
  const directory = temporaryDirectory();
  const [file, link, hard] = ["a.pcap", "link.pcap", "hard.pcap"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  copyFileSync(flood, file);
  symlinkSync(file, link);
  linkSync(file, hard);
  return { directory, file, link, hard };
}

/** Words before a command whose standard output is appended to a file. */
const appendedTo = (path: string) => ["sh", "-c", 'exec "$@" >>"$0"', path];

describe("a file that is read is not written, by no name of it", () => {
  type Names = ReturnType<typeof copyWithNames>;
  test.each<[string, (names: Names) => readonly [readonly string[], StartOptions?]]>([
    ["its path", ({ file }) => [[file, "-w", file]]],
    ["a symbolic link", ({ file, link }) => [[file, "-w", link]]],
    ["a hard link", ({ file, hard }) => [[file, "-w", hard]]],
    ["standard input", ({ file }) => [["-", "-w", file], { prefix: inputFrom(file) }]],
    ["/dev/stdin", ({ file }) => [["/dev/stdin", "-w", file], { prefix: inputFrom(file) }]],
    ["/dev/fd/0", ({ file }) => [["/dev/fd/0", "-w", file], { prefix: inputFrom(file) }]],
    ["/proc/self/fd/0 both ways", ({ file }) => [["-", "-w", "/proc/self/fd/0"], { prefix: inputFrom(file) }]],
    ["standard output", ({ file }) => [[file, "-w", "-"], { prefix: appendedTo(file) }]],
    ["/dev/stdout", ({ file }) => [[file, "-w", "/dev/stdout"], { prefix: appendedTo(file) }]],
    ["the golden file", ({ file, hard }) => [[flood, "--expect", file, "-w", hard]]],
    [
      "the golden file on standard input",
      ({ file }) => [[flood, "--expect", "-", "-w", file], { prefix: inputFrom(file) }],
    ],
    ["a list", ({ file, hard }) => [[flood, "--port", `@${file}`, "-w", hard]]],
  ])("%s", async (_, argumentsFor) => {
    const names = copyWithNames();
    const [args, options] = argumentsFor(names);
    const { code, stderr } = await replay(args, options);
    expect(readFileSync(names.file).equals(readFileSync(flood))).toBe(true);
    // Of a list, what stands in it is refused before.
    expect(stderr).toMatch(/--write: .* is a file that is read|--port: line 1 of/);
    expect(code).toBe(2);
  });

  test("but another file is", async () => {
    const { directory, file } = copyWithNames();
    const out = join(directory, "out.pcap");
    expect(await replay(["-", "-w", out], { prefix: inputFrom(file) })).toMatchObject({ code: 0 });
    expect(readFileSync(out).equals(readFileSync(flood))).toBe(true);
  });

  test("and standard input is not both the input and what it is compared with", async () => {
    const { file } = copyWithNames();
    const { code, stderr } = await replay(["-", "--expect", "-"], { prefix: inputFrom(file) });
    expect(stderr).toContain("--expect: standard input is replayed already");
    expect(code).toBe(2);
  });
});

describe("a reader that leaves early", () => {
  /** A file of more than any pipe holds. */
  async function long(): Promise<string> {
    const path = join(temporaryDirectory(), "long.pcap");
    const copies = Array.from({ length: 20 }, () => flood);
    const { code } = await run("mergecap", ["-F", "pcap", "-a", "-w", path, ...copies]);
    expect(code).toBe(0);
    return path;
  }

  test("of a named pipe is a failure that is told", async () => {
    const pipe = namedPipe();
    const leave = stalledReader(pipe);
    const running = startRingcap(["replay", await long(), "--engine", "user", "-w", pipe]);
    await running.waitForStderr(/^replaying /m);
    leave();
    const { code, stderr } = await running.exit;
    expect(stderr).toContain(`write ${pipe}: its reader closed it`);
    expect(code).toBe(1);
  });

  test.each([[["-w", "-"]], [[]]])("of standard output, with %j, is none", async (args) => {
    const pipe = namedPipe();
    const leave = stalledReader(pipe);
    const running = startRingcap(["replay", await long(), "--engine", "user", ...args], { prefix: outputTo(pipe) });
    await running.waitForStderr(/^replaying /m);
    leave();
    const { code, stderr } = await running.exit;
    expect(stderr).not.toContain("error");
    expect(code).toBe(0);
  });
});
