/** Rotated captures on small disks, and where their directory fails them. */
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { expectAddsUp, numberedFrames } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { startFlood } from "../support/flood.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { packetsIn, sizeOf } from "../support/rotated-files.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tc", "bpftool", "tcpdump", "tshark", "capinfos", "tcpreplay"),
];
const HEADER = 24;
const NOBODY = 65_534;
const PAGE = 4096;
/** draft-ietf-opsawg-pcapng, section 4.3. */
const ENHANCED_PACKET_BLOCK = 6;

/** Bytes of a pcapng file of one packet: before it, of it, and behind it. */
function lengthsOf(file: Buffer): { before: number; packet: number; after: number } {
  let before = 0;
  while (file.readUInt32LE(before) !== ENHANCED_PACKET_BLOCK) before += file.readUInt32LE(before + 4);
  const packet = file.readUInt32LE(before + 4);
  return { before, packet, after: file.length - before - packet };
}

/**
 * Words before a command that runs in disk/, a file system of so many KiB and inodes (0: as many as come); what it leaves there is
 * copied to left/.
 */
function withDisk(directory: string, kilobytes: number, inodes = 0): string[] {
  for (const name of ["disk", "left"]) mkdirSync(join(directory, name));
  const script = `cd "$0" && mount -t tmpfs -o size=${kilobytes}k,nr_inodes=${inodes} tmpfs disk && cd disk || exit 99
    "$@"; status=$?; cp -a . ../left; exit $status`;
  return ["sh", "-c", script, directory];
}

describeWith(needed, "a rotated capture on a small disk", () => {
  test.each([
    ["in the middle of a file", "300k", 0],
    ["at the header of the next one", "96Ki", 0],
    ["at the name of the next one", "96Ki", 4],
  ])("that is full %s ends, with whole files and exact counts", async (_, size, inodes) => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const prefix = [...network.commandIn("b"), ...withDisk(directory, 1024, inodes)];
    const ringcap = startRingcap(["-i", "v0", "-C", size, "-w", "x.pcap", "--json"], { prefix });
    await ringcap.listening();
    const flood = startFlood(network);
    const { code, stderr } = await ringcap.exit;
    await flood.stop();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ringcap: error: write x_\d+\.pcap: ENOSPC/m);
    await expectNothingAttached(network);
    const summary = await ringcap.json();
    expectAddsUp(summary);
    expect(summary.packets.writeFailed).toBeGreaterThan(0);
    const left = readdirSync(join(directory, "left"));
    expect(left).toEqual(summary.files);
    const paths = left.map((name) => join(directory, "left", name));
    expect(await packetsIn(paths)).toBe(summary.packets.written);
    for (const path of paths) expect(await readableByAll(path)).toEqual([]);
  });

  test("that is full at the statistics with which pcapng ends has all packets in a whole file, and says so", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const capture = async (count: number, prefix: readonly string[], path: string) => {
      const options = ["-i", "v0", "-C", "100", "-w", path, "-c", `${count}`, "--json"];
      const ringcap = startRingcap(options, { prefix: [...network.commandIn("b"), ...prefix] });
      await ringcap.listening();
      await network.sendFrames(numberedFrames(count));
      return { exit: await ringcap.exit, summary: await ringcap.json() };
    };
    await capture(1, [], join(directory, "y.pcapng"));
    const { before, packet, after } = lengthsOf(readFileSync(join(directory, "y_00001.pcapng")));
    const pages = Array.from({ length: 64 }, (_, index) => index + 1).find(
      (pages) => (pages * PAGE - before) % packet < after && pages * PAGE > before + packet,
    );
    if (pages === undefined) throw new Error(`no disk is full behind packets of ${packet} bytes`);
    const count = Math.floor((pages * PAGE - before) / packet);
    const { exit, summary } = await capture(count, withDisk(directory, (pages * PAGE) / 1024), "x.pcapng");
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringMatching(/error: write x_00001\.pcapng: ENOSPC/) });
    expect(summary.packets).toMatchObject({ matched: count, written: count, writeFailed: 0 });
    expect(summary.files).toEqual(["x_00001.pcapng"]);
    const left = join(directory, "left", "x_00001.pcapng");
    expect((await capinfos(left)).packets).toBe(count);
    expect(await readableByAll(left)).toEqual([]);
  });

  test("whose file cannot be given its name has it as .partial, and says so", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    chownSync(directory, NOBODY, NOBODY);
    const options = ["-i", "v0", "-U", "-C", "100", "-Z", "nobody", "-w", join(directory, "x.pcap"), "--json"];
    const ringcap = startRingcap(options, { prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames(numberedFrames(5));
    const partial = join(directory, "x_00001.pcap.partial");
    await expect.poll(() => statSync(partial).size).toBe(HEADER + 5 * (16 + 54));
    chownSync(directory, 0, 0);
    chmodSync(directory, 0o755);
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ code: 1, stderr: expect.stringMatching(/x_00001\.pcap: EACCES/) });
    const { packets, files } = await ringcap.json();
    expect(packets).toMatchObject({ matched: 5, written: 5, writeFailed: 0 });
    expect(files).toEqual([partial]);
    expect((await capinfos(partial)).packets).toBe(5);
    expect(await readableByAll(partial)).toEqual([]);
  });

  test("of little more than its budget is never full, at full speed", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    // Each of the five files may have a page that is not full.
    const prefix = [...network.commandIn("b"), ...withDisk(directory, Math.ceil(5e6 / 1024) + 6 * 4)];
    const options = ["-i", "v0", "-C", "1", "--keep-size", "5M", "-w", "x.pcap", "--json", "-c", "150000"];
    const ringcap = startRingcap(options, { prefix });
    await ringcap.listening();
    const flood = startFlood(network);
    await ringcap.exit;
    await flood.stop();
    const summary = await ringcap.json();
    expectAddsUp(summary);
    expect(summary.packets.written).toBe(150_000);
    expect(sizeOf(join(directory, "left"))).toBeLessThanOrEqual(5e6);
    expect(readdirSync(join(directory, "left"))).toEqual(summary.files.slice(-5));
  });

  test("keeps free what it was told to", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const prefix = [...network.commandIn("b"), ...withDisk(directory, 8192)];
    const options = ["-i", "v0", "-C", "500k", "--keep-free", "4Mi", "-w", "x.pcap", "--json"];
    // A signal would reach the shell around it.
    const ringcap = startRingcap([...options, "-c", "100000"], { prefix });
    await ringcap.listening();
    const flood = startFlood(network);
    await ringcap.exit;
    await flood.stop();
    const summary = await ringcap.json();
    expectAddsUp(summary);
    expect(summary.packets.written).toBe(100_000);
    expect(summary.rotation?.removed).toBeGreaterThan(5);
    const left = readdirSync(join(directory, "left"));
    expect(sizeOf(join(directory, "left"))).toBeLessThanOrEqual(4 * 2 ** 20);
    expect(left).toEqual(summary.files.slice(-left.length));
  });

  test("whose directory goes says so, and counts what is in no file", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const inner = join(directory, "inner");
    mkdirSync(inner);
    const options = ["-i", "v0", "--rotate-packets", "10", "-w", join(inner, "x.pcap"), "--json"];
    const ringcap = startRingcap(options, { prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames(numberedFrames(5));
    rmSync(inner, { recursive: true });
    await network.sendFrames(numberedFrames(20), { packetsPerSecond: 100 });
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ code: 1 });
    const summary = await ringcap.json();
    expectAddsUp(summary);
    // The capture ends at the first file that it cannot open, which may be before the last frame has come.
    const { matched } = summary.packets;
    expect(matched).toBeGreaterThan(10);
    expect(summary.packets).toMatchObject({ written: 0, writeFailed: matched });
    expect(summary.files).toEqual([]);
  });
});
