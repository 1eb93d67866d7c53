import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bpfObjectsOf, expectNothingAttached } from "../support/attachments.ts";
import { expectExitSaysLoss } from "../support/capturing.ts";
import { insist, main, startRingcap } from "../support/cli.ts";
import { floodWith, startFlood, takeFloods } from "../support/flood.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { namedPipe, outputTo, stalledReader } from "../support/named-pipe.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { run } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools(
    "ip",
    "tc",
    "ethtool",
    "bpftool",
    "tcpreplay",
    "tcpdump",
    "tshark",
    "capinfos",
    "nohup",
    "script",
    "mkfifo",
  ),
];
/** Bytes that a SYN of the flood takes in a file. */
const RECORD = 16 + 60;
/** What the readers say of a file whose last record is not whole. */
const cutShort =
  /cut short in the middle of a packet|truncated dump file|error occurred after reading|will continue anyway|exit code/;

/** Resolves when that many packets of a flood are in the file. */
function packetsIn(path: string, packets: number) {
  return expect.poll(() => statSync(path).size).toBeGreaterThanOrEqual(24 + packets * RECORD);
}

describeWith(needed, "signals", () => {
  test("do not keep a capture from starting, however often a profiler sends them", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const profiled = ["--cpu-prof", "--cpu-prof-interval=100", `--cpu-prof-dir=${directory}`, main];
    const path = join(directory, "out.pcap");
    const capturing = ["-i", "v0", "--port", "80,443", "--host", "192.0.2.1", "--duration", "0.1", "-w", path, "tcp"];
    const { code, stderr } = await network.exec("b", process.execPath, [...profiled, ...capturing]);
    expect(stderr).toContain("listening on v0");
    expect(code).toBe(0);
  });
});

describeWith(needed, "a capture that a signal ends", () => {
  test.each(["xdp-native", "tc"])("by SIGKILL leaves nothing at %s, and a file up to its last flush", async (hook) => {
    await using network = await TestNetwork.create();
    await takeFloods(network);
    const path = join(temporaryDirectory(), "killed.pcap");
    const ringcap = startRingcap(["-i", "v0", "--hook", hook, "-w", path], { prefix: network.commandIn("b") });
    await ringcap.listening();
    const flood = startFlood(network);
    await packetsIn(path, 50_000);
    const objects = bpfObjectsOf(ringcap.child.pid);
    expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["link", "prog"]));
    const flushed = statSync(path).size;
    ringcap.child.kill("SIGKILL");
    expect(await ringcap.exit).toMatchObject({ signal: "SIGKILL" });
    await flood.stop();
    await expectNothingAttached(network, objects);
    const { size } = statSync(path);
    expect(size).toBeGreaterThanOrEqual(flushed);
    const complaints = await readableByAll(path);
    if ((size - 24) % RECORD === 0) {
      expect(complaints).toEqual([]);
    } else {
      // The kernel breaks off the write of a killed process between two pages (mm/filemap.c, generic_perform_write).
      expect(size % 4096).toBe(0);
      for (const complaint of complaints) expect(complaint).toMatch(cutShort);
    }
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s in a flood has in its file every packet that it counts",
    async (signal) => {
      await using network = await TestNetwork.create();
      const path = join(temporaryDirectory(), "flood.pcap");
      const ringcap = startRingcap(["-i", "v0", "-w", path, "--json"], { prefix: network.commandIn("b") });
      await ringcap.listening();
      startFlood(network);
      await packetsIn(path, 100_000);
      const objects = bpfObjectsOf(ringcap.child.pid);
      ringcap.child.kill(signal);
      const exit = await ringcap.exit;
      expect(exit.stderr).not.toMatch(/error|warning: (?!the capture is incomplete)/);
      await expectNothingAttached(network, objects);
      const summary = await ringcap.json();
      expectExitSaysLoss(exit, summary);
      const { packets, bytes } = summary;
      expect(packets.written).toBeGreaterThanOrEqual(100_000);
      expect(packets.seen).toBe(packets.matched);
      expect(await capinfos(path)).toMatchObject({ packets: packets.written, fileSize: bytes.written });
      expect(bytes.written).toBe(24 + packets.written * RECORD);
    },
  );

  // timeout(1) signals the process and then its group; npm and a terminal do alike.
  test("by several signals at once ends in order", async () => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "flood.pcap");
    const ringcap = startRingcap(["-i", "v0", "-w", path, "--json"], { prefix: network.commandIn("b") });
    await ringcap.listening();
    startFlood(network);
    await packetsIn(path, 50_000);
    for (const signal of ["SIGHUP", "SIGTERM", "SIGINT"] as const) ringcap.child.kill(signal);
    const exit = await ringcap.exit;
    const summary = await ringcap.json();
    expectExitSaysLoss(exit, summary);
    const { packets } = summary;
    expect((await capinfos(path)).packets).toBe(packets.written);
  });

  test("waits for a reader that stalls, and ends at the next signal without it", async () => {
    await using network = await TestNetwork.create();
    const pipe = namedPipe();
    stalledReader(pipe);
    const prefix = [...network.commandIn("b"), ...outputTo(pipe)];
    const ringcap = startRingcap(["-i", "v0", "-w", "-"], { prefix });
    await ringcap.listening();
    const objects = bpfObjectsOf(ringcap.child.pid);
    await floodWith(network, 20_000);
    expect(await insist(ringcap, "SIGINT")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("stopped before everything was written"),
    });
    await expectNothingAttached(network, objects);
  });

  test("by SIGHUP goes on under nohup when its terminal is closed", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const path = join(directory, "nohup.pcap");
    const log = join(directory, "log");
    // script(1) is the terminal; the process becomes the leader of its session, which is told of the hang-up.
    const terminal = ["sh", "-c", 'cd $(dirname $0) && exec script -qec "exec nohup $* 2>$0" /dev/null', log];
    const ringcap = startRingcap(["-i", "v0", "-w", path], { prefix: [...network.commandIn("b"), ...terminal] });
    await expect.poll(() => existsSync(log) && readFileSync(log, "utf8")).toContain("listening on");
    ringcap.child.kill("SIGKILL");
    await ringcap.exit;
    await network.sendFrames(Array.from({ length: 10 }, () => ethernet({ payload: ipv4({ payload: tcp() }) })));
    await expect.poll(() => statSync(path).size).toBe(24 + 10 * (16 + 54));
    const { stdout } = await run("ip", ["netns", "pids", network.namespaces.b]);
    process.kill(Number(stdout), "SIGTERM");
    await expect.poll(() => readFileSync(log, "utf8")).toContain("10 packets captured");
    await expectNothingAttached(network);
  });

  test("before there is a reader of its named pipe ends at once", async () => {
    await using network = await TestNetwork.create();
    const pipe = namedPipe();
    const ringcap = startRingcap(["-i", "v0", "-w", pipe], { prefix: network.commandIn("b") });
    const waitsIn = () => readFileSync(`/proc/${ringcap.child.pid}/wchan`, "utf8");
    await expect.poll(waitsIn).toBe("wait_for_partner");
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ signal: "SIGINT" });
    await expectNothingAttached(network);
  });

  test("while libpcap takes minutes over its expression ends at once", async () => {
    await using network = await TestNetwork.create();
    const hosts = Array.from({ length: 900 }, (_, index) => `10.${index % 200}.${Math.floor(index / 200)}.7`);
    const ringcap = startRingcap(["-i", "v0", `host ${hosts.join(" or ")}`], { prefix: network.commandIn("b") });
    const mapped = () => readFileSync(`/proc/${ringcap.child.pid}/maps`, "utf8");
    await expect.poll(mapped).toContain("libpcap");
    ringcap.child.kill("SIGINT");
    expect(await ringcap.exit).toMatchObject({ signal: "SIGINT" });
    await expectNothingAttached(network);
  });
});
