/** Captures that go on in other files, at seams, signals and as another user. */
import { chmodSync, chownSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { expectAddsUp, numberedFrames, startTcpdump } from "../support/capturing.ts";
import { type RunSummary, startRingcap } from "../support/cli.ts";
import { startFlood } from "../support/flood.ts";
import { knownMixture } from "../support/known-mixture.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll, readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { packetsIn, sizeOf } from "../support/rotated-files.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools(
    "ip",
    "tc",
    "bpftool",
    "tcpdump",
    "tshark",
    "capinfos",
    "mergecap",
    "editcap",
    "tcpreplay",
    "gzip",
  ),
];
const HEADER = 24;
const NOBODY = 65_534;
/** Bytes at most of the block with which a pcapng file of one interface ends. */
const STATISTICS = 400;

function expectWhole(summary: RunSummary): void {
  expectAddsUp(summary);
  expect(summary.packets.writeFailed).toBe(0);
}

describeWith(needed, "a rotated capture", () => {
  test.each([
    ["pcap", 0],
    ["pcapng", STATISTICS],
  ])("of %s has together what tcpdump has in one file, and the readers complain of nothing", async (format, end) => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const frames = knownMixture().map(({ frame }) => frame);
    const beside = await startTcpdump(network, "b", ["-i", "v0", "-s", "0", "-Q", "in"]);
    const options = ["-i", "v0", "-s", "0", "-C", "10k", "-w", join(directory, `x.${format}`), "--json"];
    const ringcap = startRingcap(options, { prefix: network.commandIn("b") });
    await ringcap.listening();
    const sent = await network.sendFrames(frames, { loop: 10, packetsPerSecond: 5000 });
    const judged = await beside.packets(sent);
    await expect.poll(() => sizeOf(directory)).toBeGreaterThanOrEqual(statSync(beside.path).size);
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ code: 0 });
    const summary = await ringcap.json();
    expectWhole(summary);
    expect(summary.packets.written).toBe(sent);
    expect(readdirSync(directory)).toEqual(summary.files.map((file) => basename(file)));
    expect(summary.rotation).toEqual({ written: summary.files.length, removed: 0, onFileFailed: 0 });
    for (const path of summary.files) {
      expect(statSync(path).size).toBeLessThanOrEqual(10_000 + end);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    const merged = join(temporaryDirectory(), "merged.pcap");
    await runOrFail("mergecap", ["-F", format, "-a", "-w", merged, ...summary.files]);
    const packets = await readPcapWithEditcap(merged);
    expect(packets.map(({ hex }) => hex)).toEqual(judged.map(({ hex }) => hex));
    const [first = ""] = summary.files;
    expect(await readableByAll(first)).toEqual([]);
  });

  test("goes on in another file at SIGHUP, and ends at Ctrl-C", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const path = join(directory, "x.pcap");
    const options = ["-i", "v0", "-U", "-C", "100", "-w", path, "--json"];
    const ringcap = startRingcap(options, { prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames(numberedFrames(5));
    await expect.poll(() => sizeOf(directory)).toBe(HEADER + 5 * (16 + 54));
    ringcap.child.kill("SIGHUP");
    await expect.poll(() => readdirSync(directory)).toEqual(["x_00001.pcap", "x_00002.pcap.partial"]);
    await network.sendFrames(numberedFrames(3));
    await expect.poll(() => sizeOf(directory)).toBe(2 * HEADER + 8 * (16 + 54));
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ code: 0 });
    const { files } = await ringcap.json();
    expect(await Promise.all(files.map(async (file) => (await capinfos(file)).packets))).toEqual([5, 3]);
  });

  test("begins its files by the clock, and runs a program with each, the last one included", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const program = join(directory, "program");
    writeFileSync(program, `#!/bin/sh\necho "$1" >>"${directory}/seen"\nexit 1\n`);
    chmodSync(program, 0o755);
    const options = [
      "-i",
      "v0",
      "-G",
      "1",
      "-z",
      program,
      "-w",
      join(directory, "x-%s.pcap"),
      "--duration",
      "2.5",
      "--json",
    ];
    const ringcap = startRingcap(options, { prefix: network.commandIn("b") });
    await ringcap.listening();
    await startFlood(network, { frames: 1000, perSecond: 500 }).done;
    const { code, stderr } = await ringcap.exit;
    const summary = await ringcap.json();
    expectWhole(summary);
    expect(code).toBe(1);
    expect(stderr).toMatch(/warning: --on-file .*program failed for .*x-\d+\.pcap: exit code 1/);
    const { files, rotation } = summary;
    expect(rotation).toEqual({ written: files.length, removed: 0, onFileFailed: files.length });
    const seen = readFileSync(join(directory, "seen"), "utf8").trimEnd().split("\n");
    expect(seen.toSorted()).toEqual([...files].toSorted());
    const seconds = files.map((file) => Number(/x-(\d+)\.pcap$/.exec(file)?.[1]));
    // A machine under load may leave no time for a file in some second.
    expect(seconds).toEqual([...new Set(seconds)].toSorted((one, other) => one - other));
    expect(seconds.length).toBeGreaterThan(1);
    expect(await packetsIn(files)).toBe(summary.packets.written);
  });

  test("that is killed leaves a file up to its last record, and the same command begins another one", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const options = ["-i", "v0", "-U", "-C", "100", "-w", join(directory, "x.pcap")];
    const killed = startRingcap(options, { prefix: network.commandIn("b") });
    await killed.listening();
    await network.sendFrames(numberedFrames(4));
    const partial = join(directory, "x_00001.pcap.partial");
    await expect.poll(() => statSync(partial).size).toBe(HEADER + 4 * (16 + 54));
    killed.child.kill("SIGKILL");
    await killed.exit;
    expect((await capinfos(partial)).packets).toBe(4);
    const again = startRingcap([...options, "-c", "2"], { prefix: network.commandIn("b") });
    await again.listening();
    await network.sendFrames(numberedFrames(2));
    const { code, stderr } = await again.exit;
    expect(code).toBe(0);
    expect(stderr).toContain(`${partial} is of a capture that has not ended in order`);
    expect(readdirSync(directory)).toEqual(["x_00001.pcap.partial", "x_00002.pcap"]);
    expect((await capinfos(partial)).packets).toBe(4);
  });

  test("makes its files also after it became another user, or says at the start that it could not", async () => {
    await using network = await TestNetwork.create();
    const own = temporaryDirectory();
    const foreign = temporaryDirectory();
    chownSync(own, NOBODY, NOBODY);
    const start = (directory: string, user: string) =>
      startRingcap(
        ["-i", "v0", "--rotate-packets", "2", "-c", "5", "-Z", user, "-w", join(directory, "x.pcap"), "--json"],
        { prefix: network.commandIn("b") },
      );
    expect(await start(foreign, "nobody").exit).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/the user that the capture becomes \(uid 65534\) cannot make files in/),
    });
    expect(readdirSync(foreign)).toEqual([]);
    for (const [directory, user] of [
      [own, "nobody"],
      [foreign, "none"],
    ] as const) {
      const ringcap = start(directory, user);
      await ringcap.listening();
      await network.sendFrames(numberedFrames(5));
      expect(await ringcap.exit).toMatchObject({ code: 0 });
      const { files } = await ringcap.json();
      expect(files).toHaveLength(3);
      for (const file of files) expect(statSync(file).uid).toBe(user === "none" ? 0 : NOBODY);
    }
  });
});
