import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { run } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const cases: number = JSON.parse(readFileSync("fixtures/suite.json", "utf8")).cases.length;
const verify = (...args: readonly string[]) => startRingcap(["verify", ...args]).exit;

/** A copy of the fixtures that may be changed. */
function copyOfFixtures(): string {
  const directory = join(temporaryDirectory(), "fixtures");
  cpSync("fixtures", directory, { recursive: true });
  return directory;
}

describe("ringcap verify", () => {
  test("passes the suite of the fixtures by the user engine", async () => {
    const { code, stdout } = await verify("fixtures/suite.json", "--engine", "user");
    expect(stdout.toString().split("\n").slice(-2)).toEqual([`${cases} passed, 0 failed`, ""]);
    expect(code).toBe(0);
  });

  test("names what differs, ends with 4, and with --update makes it right", async () => {
    const directory = copyOfFixtures();
    const suite = join(directory, "suite.json");
    const golden = join(directory, "golden/xmas.pcap");
    const original = readFileSync(golden);
    writeFileSync(golden, original.subarray(0, -(16 + 74)));
    writeFileSync(suite, readFileSync(suite, "utf8").replace('"packets": 1800', '"packets": 1801'));

    const failed = await verify(suite, "--engine", "user");
    expect(failed.code).toBe(4);
    expect(failed.stdout.toString()).toContain("1800 packets match, expected 1801");
    expect(failed.stdout.toString()).toContain("packet 24: is one more than the golden file has");

    const updated = await verify(suite, "--engine", "user", "--update");
    expect(updated.code).toBe(0);
    expect(updated.stdout.toString()).toContain("was: 1800 packets match, expected 1801");
    expect(readFileSync(golden).equals(original)).toBe(true);
    expect(JSON.parse(readFileSync(suite, "utf8"))).toEqual(JSON.parse(readFileSync("fixtures/suite.json", "utf8")));
    expect((await verify(suite, "--engine", "user")).code).toBe(0);
  });

  test("leaves files alone that --update has no reason to change", async () => {
    const directory = copyOfFixtures();
    const suite = join(directory, "suite.json");
    const before = readFileSync(suite);
    await verify(suite, "--engine", "user", "--update");
    expect(readFileSync(suite).equals(before)).toBe(true);
    expect((await run("diff", ["-r", "fixtures", directory])).stdout).toBe("");
  });

  test("expects the digest of the file that replay writes", async () => {
    const directory = copyOfFixtures();
    const out = join(directory, "out.pcap");
    await startRingcap([
      "replay",
      join(directory, "syn-flood-ipv4.pcap"),
      "--engine",
      "user",
      "--port",
      "80,443",
      "--tcp-flags",
      "syn,!ack",
      "-w",
      out,
    ]).exit;
    const digest = (await run("sha256sum", [out])).stdout.slice(0, 64);
    const { cases } = JSON.parse(readFileSync("fixtures/suite.json", "utf8"));
    expect(cases[0].expect.sha256).toBe(digest);
  });

  test("ends with 3 for a suite, a capture or a golden file that cannot be read, and runs the other cases", async () => {
    const directory = copyOfFixtures();
    const suite = join(directory, "suite.json");
    rmSync(join(directory, "golden/xmas.pcap"));
    const missing = await verify(suite, "--engine", "user");
    expect(missing.code).toBe(3);
    expect(missing.stdout.toString()).toContain("`ringcap verify --update` makes it");
    expect(missing.stdout.toString()).toContain(`\n${cases - 1} passed, 1 failed\n`);
    writeFileSync(suite, "{");
    const broken = await verify(suite, "fixtures/suite.json", "--engine", "user");
    expect(broken).toMatchObject({ code: 3, stderr: expect.stringContaining("read the suite") });
    expect(broken.stdout.toString()).toContain(`\n${cases} passed, 1 failed\n`);
    expect((await verify("fixtures/suite.json", "--reporter", "dots")).code).toBe(2);
  });
});

describeWith(requirements.tools("python3"), "the JUnit report", () => {
  test("is XML with a test case for each case", async () => {
    const { stdout } = await verify("fixtures/suite.json", "--engine", "user", "--reporter", "junit");
    const script = "import sys, xml.etree.ElementTree as e; print(len(e.parse(sys.stdin).findall('.//testcase')))";
    expect((await run("python3", ["-c", script], { input: stdout.toString() })).stdout).toBe(`${cases}\n`);
  });
});

describeWith(requirements.bpf, "ringcap verify by the kernel", () => {
  test.each(["xdp", "tc"])("passes the suite of the fixtures at %s", async (hook) => {
    const { code, stdout } = await verify("fixtures/suite.json", "--hook", hook, "--reporter", "json");
    const { suites, failed } = JSON.parse(stdout.toString());
    expect(failed).toBe(0);
    expect(code).toBe(0);
    const kernel = suites[0].cases.filter((outcome: { engine: string }) => outcome.engine === "kernel");
    expect(kernel.length).toBeGreaterThanOrEqual(18);
  });
});
