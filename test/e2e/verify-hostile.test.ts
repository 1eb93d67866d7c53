/** Suites that ask for what is not theirs. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const SECRET = "root:s3cret:19000";

interface SuiteDirectory {
  readonly directory: string;
  readonly outside: string;
  /** Writes the suite and runs it by the user engine. */
  verify(cases: readonly object[], ...args: readonly string[]): ReturnType<typeof startRingcap>["exit"];
}

function suiteDirectory(): SuiteDirectory {
  const parent = temporaryDirectory();
  const [directory, outside] = [join(parent, "suite"), join(parent, "outside")];
  mkdirSync(directory);
  mkdirSync(outside);
  cpSync("fixtures/handshakes.pcap", join(directory, "a.pcap"));
  writeFileSync(join(outside, "secret"), `${SECRET}\n`);
  const path = join(directory, "suite.json");
  return {
    directory,
    outside,
    verify: (cases, ...args) => {
      writeFileSync(path, JSON.stringify({ cases }));
      return startRingcap(["verify", path, "--engine", "user", ...args]).exit;
    },
  };
}

const good = { name: "a", capture: "a.pcap", expect: { packets: 64 } };

test("no list of a filter shows what stands in another file", async () => {
  const { directory, outside, verify } = suiteDirectory();
  symlinkSync(join(outside, "secret"), join(directory, "link"));
  writeFileSync(join(directory, "own"), `80\n\n${SECRET}\n`);
  await runOrFail("mkfifo", [join(directory, "fifo")]);
  const keys = ["port", "sourcePort", "destinationPort", "protocol", "host", "sourceHost"];
  const others = ["destinationHost", "network", "sourceNetwork", "destinationNetwork"];
  const names = [join(outside, "secret"), "../outside/secret", "link", "/dev/zero", "fifo", "own"];
  const cases = [...keys, ...others].flatMap((key) =>
    names.map((name) => ({ ...good, name: `${key} ${name}`, options: { [key]: `@${name}` } })),
  );
  for (const reporter of ["spec", "tap", "junit", "json"]) {
    const { code, stdout, stderr } = await verify(cases, "--reporter", reporter);
    expect(code).toBe(3);
    expect(`${stdout}${stderr}`).not.toContain("s3cret");
  }
  const { stdout } = await verify(cases, "--allow-outside");
  expect(stdout.toString()).not.toContain("s3cret");
  expect(stdout.toString()).toContain(`port: line 1 of ${join(outside, "secret")} is not a port`);
  expect(stdout.toString()).toContain("port: line 3 of own is not a port");
  expect(stdout.toString()).toContain(`\n0 passed, ${cases.length} failed\n`);
});

test("no capture and no golden file shows what stands in it", async () => {
  const { directory, verify } = suiteDirectory();
  writeFileSync(join(directory, "secret.pcap"), `${SECRET}\n`.repeat(10));
  const { stdout, stderr } = await verify([
    { ...good, name: "capture", capture: "secret.pcap" },
    { ...good, name: "golden", expect: { file: "secret.pcap" } },
  ]);
  // The first bytes of the secret as text and as a number.
  expect(`${stdout}${stderr}`).not.toMatch(/s3cret|root|726f6f74/);
  expect(stdout.toString()).toContain("read secret.pcap: byte 0: it is not a capture file");
});

test("--update writes nothing outside, through nothing, and over nothing that the suite reads", async () => {
  const { directory, outside, verify } = suiteDirectory();
  symlinkSync(join(outside, "secret"), join(directory, "link.pcap"));
  symlinkSync(outside, join(directory, "dir"));
  symlinkSync(join(outside, "secret"), join(directory, "new.pcap.new"));
  writeFileSync(join(directory, "ports"), "80\n");
  const capture = readFileSync(join(directory, "a.pcap"));
  const files = [
    "link.pcap",
    "dir/new.pcap",
    join(outside, "new.pcap"),
    "../outside/new.pcap",
    "a.pcap",
    "ports",
    "suite.json",
  ];
  const cases = files.map((file) => ({ ...good, name: file, options: { port: "@ports" }, expect: { file } }));
  const { code, stdout } = await verify(
    [...cases, { ...good, name: "right", expect: { file: "new.pcap" } }],
    "--update",
  );
  expect(code).toBe(3);
  expect(stdout.toString()).toContain(`\n1 passed, ${files.length} failed\n`);
  expect(readFileSync(join(outside, "secret"), "utf8")).toBe(`${SECRET}\n`);
  expect(readdirSync(outside)).toEqual(["secret"]);
  expect(readFileSync(join(directory, "a.pcap")).equals(capture)).toBe(true);
  expect(readFileSync(join(directory, "ports"), "utf8")).toBe("80\n");
  const made = ["a.pcap", "dir", "link.pcap", "new.pcap", "new.pcap.new", "ports", "suite.json"];
  expect(readdirSync(directory).sort()).toEqual(made);
});

test("a golden file's name turns no text around", async () => {
  const { verify } = suiteDirectory();
  const turned = { ...good, expect: { file: "\u202egolden.pcap" } };
  for (const args of [[], ["--update"], ["--update"]]) {
    const { stdout, stderr } = await verify([turned], ...args);
    expect(`${stdout}${stderr}`).not.toContain("\u202e");
  }
});

test("two cases do not write different packets into one golden file", async () => {
  const { verify } = suiteDirectory();
  const first = { ...good, expect: { file: "golden.pcap" } };
  const { code, stdout } = await verify([first, { ...first, name: "b", options: { port: 1 } }], "--update");
  expect(stdout.toString()).toContain("write golden.pcap: an earlier case wrote other packets into it");
  expect(code).toBe(3);
  expect((await verify([first])).code).toBe(0);
});

test("a suite that is a link out, no regular file, or not there fails in every report", async () => {
  const { directory, outside } = suiteDirectory();
  symlinkSync(join(outside, "secret"), join(directory, "link.json"));
  await runOrFail("mkfifo", [join(directory, "fifo.json")]);
  for (const name of ["link.json", "fifo.json", "absent.json", "."]) {
    for (const reporter of ["spec", "tap", "junit", "json"]) {
      const { code, stdout, stderr } = await startRingcap(["verify", join(directory, name), "--reporter", reporter])
        .exit;
      expect(code).toBe(3);
      expect(stdout.toString()).toMatch(/failed|not ok|<error/);
      expect(`${stdout}${stderr}`).not.toContain("s3cret");
    }
  }
});

describe("a suite that would not end", () => {
  /** A pcapng of blocks without packets, which inflates to gigabytes. */
  function endless(): Buffer {
    const section = Buffer.from("0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000", "hex");
    const block = Buffer.alloc(1 << 20);
    block.writeUInt32LE(0x0bad, 0);
    block.writeUInt32LE(block.length, 4);
    block.writeUInt32LE(block.length, block.length - 4);
    const member = gzipSync(Buffer.concat(Array.from({ length: 64 }, () => block)));
    return Buffer.concat([gzipSync(section), ...Array.from({ length: 400 }, () => member)]);
  }

  test.each([
    ["a capture", { capture: "endless.pcapng.gz", expect: { packets: 1 } }],
    ["a golden file", { capture: "a.pcap", expect: { file: "endless.pcapng.gz" } }],
  ])("for %s without packets is ended after its time", async (_, entry) => {
    const { directory, verify } = suiteDirectory();
    writeFileSync(join(directory, "endless.pcapng.gz"), endless());
    const { code, stdout } = await verify(
      [
        { ...good, ...entry },
        { ...good, name: "b" },
      ],
      "--timeout",
      "1",
    );
    expect(stdout.toString()).toContain('verify "a": the suite took longer than 1 s');
    expect(stdout.toString()).toContain('verify "b": the suite took longer than 1 s');
    expect(stdout.toString()).toContain("--timeout gives it more");
    expect(code).toBe(3);
  });
});
