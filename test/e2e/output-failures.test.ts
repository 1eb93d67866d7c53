import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { startRingcap } from "../support/cli.ts";
import { startFlood } from "../support/flood.ts";
import { outputTo } from "../support/named-pipe.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tc", "bpftool", "tcpdump", "tshark", "capinfos"),
];

const pcapWriter = new URL("../../dist/pcap-writer/index.js", import.meta.url).href;

/**
 * Words before a command that runs with a file system of 1 MiB at disk/ in the directory, of which `filled` KiB are
 * taken; what it leaves there is copied to left/. After `ip netns exec`, which gives the command mounts of its own: the
 * file system ends with it.
 */
function withSmallDisk(directory: string, filled = 0): string[] {
  for (const name of ["disk", "left"]) mkdirSync(join(directory, name));
  const script = `cd "$0" && mount -t tmpfs -o size=1m tmpfs disk && cd disk || exit 99
    head -c ${filled}k /dev/zero >fill; "$@"; status=$?; cp -a . ../left; exit $status`;
  return ["sh", "-c", script, directory];
}

describeWith(needed, "a capture that cannot write", () => {
  test("because the disk is full keeps whole records, counts the rest, and says so", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const prefix = [...network.commandIn("b"), ...withSmallDisk(directory)];
    const ringcap = startRingcap(["-i", "v0", "-w", "full.pcap", "--json"], { prefix });
    await ringcap.listening();
    const flood = startFlood(network);
    const { code, stderr } = await ringcap.exit;
    await flood.stop();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ringcap: error: write full\.pcap: ENOSPC: no space left on device/m);
    expect(stderr).toMatch(/^ringcap: warning: .* of \d+ packets that matched, \d+ could not be written/m);
    await expectNothingAttached(network);
    const { packets, bytes } = await ringcap.json();
    expect(packets.writeFailed).toBeGreaterThan(0);
    expect(packets.written + packets.writeFailed + packets.ringDropped).toBe(packets.matched);
    const path = join(directory, "left", "full.pcap");
    expect(await capinfos(path)).toMatchObject({ packets: packets.written, fileSize: bytes.written });
    expect(packets.written).toBe(Math.floor((2 ** 20 - 24) / 76));
    expect(await readableByAll(path)).toEqual([]);
  });

  test("its lines because the disk is full counts those that are whole", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const prefix = [...network.commandIn("b"), ...withSmallDisk(directory), ...outputTo("lines")];
    const ringcap = startRingcap(["-i", "v0"], { prefix });
    await ringcap.listening();
    const flood = startFlood(network);
    const { code, stderr } = await ringcap.exit;
    await flood.stop();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ringcap: error: write standard output: ENOSPC/m);
    const lines = readFileSync(join(directory, "left", "lines"), "utf8").split("\n").length - 1;
    expect(lines).toBeGreaterThan(1000);
    expect(stderr).toContain(`\n${lines} packets captured\n`);
  });

  test("the header of its file leaves no file, and nothing attached", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const prefix = [...network.commandIn("b"), ...withSmallDisk(directory, 1024)];
    const ringcap = startRingcap(["-i", "v0", "-w", "new.pcap"], { prefix });
    expect(await ringcap.exit).toMatchObject({ code: 1, stderr: noSpace("new.pcap") });
    expect(readdirSync(join(directory, "left"))).toEqual(["fill"]);
    await expectNothingAttached(network);
  });

  test.each([
    ["a pcap by name", ["-i", "v0", "-w", "/dev/full"], "/dev/full"],
    ["a pcap on standard output", ["-i", "v0", "-w", "-"], "standard output"],
    ["the list of interfaces", ["-D"], "standard output"],
    ["the help", ["--help"], "standard output"],
  ])("%s to /dev/full says so", async (_case, options, name) => {
    await using network = await TestNetwork.create();
    const prefix = [...network.commandIn("b"), ...outputTo("/dev/full")];
    const ringcap = startRingcap(options, { prefix });
    expect(await ringcap.exit).toMatchObject({ code: 1, stderr: noSpace(name) });
    await expectNothingAttached(network);
  });

  test("its summary to /dev/full says so, and has its packets", async () => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "out.pcap");
    const prefix = [...network.commandIn("b"), ...outputTo("/dev/full")];
    const ringcap = startRingcap(["-i", "v0", "-w", path, "-c", "10", "--json"], { prefix });
    await ringcap.listening();
    await startFlood(network, { frames: 10 }).done;
    expect(await ringcap.exit).toMatchObject({ code: 1, stderr: expect.stringContaining("standard output: ENOSPC") });
    expect((await capinfos(path)).packets).toBe(10);
  });

  test("its messages goes on without them", async () => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "out.pcap");
    const prefix = [...network.commandIn("b"), "sh", "-c", 'exec "$@" 2>/dev/full', "sh"];
    const ringcap = startRingcap(["-i", "v0", "-w", path, "-c", "10", "--json"], { prefix });
    await expect.poll(() => existsSync(path) && statSync(path).size).toBe(24);
    await startFlood(network, { frames: 10 }).done;
    expect(await ringcap.json()).toMatchObject({ packets: { written: 10 } });
    expect(await ringcap.exit).toMatchObject({ code: 0 });
  });

  test.each([
    ["a directory that does not exist", "missing/out.pcap", "ENOENT"],
    ["a directory", ".", "EISDIR"],
    ["a place where no file can be", "/proc/out.pcap", "ENOENT"],
  ])("to %s says so before it captures", async (_case, path, errno) => {
    await using network = await TestNetwork.create();
    const ringcap = startRingcap(["-i", "v0", "-w", path], {
      prefix: network.commandIn("b"),
      cwd: temporaryDirectory(),
    });
    const { code, stderr } = await ringcap.exit;
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^ringcap: error: write ${path}: ${errno}: [^,/']*\n$`));
    await expectNothingAttached(network);
  });
});

describeWith(needed, "a pcap writer", () => {
  test("takes nothing more after a failed write, so that its file has no hole", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const script = join(directory, "write.mjs");
    writeFileSync(
      script,
      `import { rmSync } from "node:fs";
      const { PcapWriter } = await import(process.argv[2]);
      const writer = PcapWriter.create("out.pcap", { linkType: 1 });
      const attempt = () => {
        try {
          writer.write({ timestamp: 0n, data: new Uint8Array(60) });
          writer.flush();
        } catch (error) {
          return error.code;
        }
      };
      for (let i = 0; i < 2000 && attempt() === undefined; i++);
      const { packetsWritten } = writer;
      rmSync("fill");
      console.log(JSON.stringify([packetsWritten, attempt(), writer.packetsWritten]));
      writer.close();`,
    );
    const prefix = [...network.commandIn("b"), ...withSmallDisk(directory, 960)];
    const ended = await startRingcap([pcapWriter], { prefix, script }).exit;
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const path = join(directory, "left", "out.pcap");
    const { packets } = await capinfos(path);
    expect(JSON.parse(ended.stdout.toString())).toEqual([packets, "OUTPUT", packets]);
    expect(packets).toBeGreaterThan(100);
    expect(await readableByAll(path)).toEqual([]);
  });
});

describeWith(needed, "a capture that cannot start", () => {
  test("leaves a file that is there as it is, and makes none", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "old.pcap"), "old content");
    for (const path of ["old.pcap", "new.pcap"]) {
      const ringcap = startRingcap(["-i", "missing0", "-w", path], { prefix: network.commandIn("b"), cwd: directory });
      expect((await ringcap.exit).code).toBe(1);
    }
    expect(readdirSync(directory)).toEqual(["old.pcap"]);
    expect(readFileSync(join(directory, "old.pcap"), "utf8")).toBe("old content");
  });
});

/** The whole of standard error. */
function noSpace(name: string) {
  return expect.stringMatching(
    new RegExp(`^ringcap: error: write ${name}: ENOSPC: no space left on device, write\nringcap: free some space.*\n$`),
  );
}
