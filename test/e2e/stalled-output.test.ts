import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { insist, type RunningRingcap, startRingcap } from "../support/cli.ts";
import { arrived, floodWith } from "../support/flood.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { mountDisk } from "../support/frozen-disk.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { hangUpTerminal, readTerminal, stalledTerminal } from "../support/terminal.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "tc", "bpftool", "python3")];

/** tcpdump's lines of the end, as numbers. */
function countsOf(stderr: string) {
  const count = (what: string) => Number(new RegExp(`^(\\d+) packets? ${what}`, "m").exec(stderr)?.[1]);
  return { captured: count("captured"), matched: count("received by filter"), dropped: count("dropped by kernel") };
}

function isRunning({ child }: RunningRingcap): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Captures lines on a terminal that nobody reads, in a flood that it cannot hold. */
async function startStalled(network: TestNetwork, options: readonly string[], ...descriptors: readonly (1 | 2)[]) {
  const prefix = [...network.commandIn("b"), ...stalledTerminal(...descriptors)];
  const ringcap = startRingcap(["-i", "v0", "-B", "1", ...options], { prefix });
  if (!descriptors.includes(2)) await ringcap.listening();
  return ringcap;
}

describeWith(needed, "a capture whose terminal nobody reads", () => {
  test.each([1, 2] as const)("ends in order when the terminal of descriptor %d is gone", async (descriptor) => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "out.pcap");
    const ringcap = await startStalled(network, ["-w", path, "--json", "-U"], descriptor);
    await expect.poll(() => existsSync(path) && statSync(path).size).toBe(24);
    hangUpTerminal(ringcap);
    await network.sendFrames([ethernet({ payload: ipv4({ payload: tcp({}) }) })]);
    await expect.poll(() => statSync(path).size).toBeGreaterThan(24);
    ringcap.child.kill("SIGTERM");
    // Standard output that is gone takes no summary.
    expect((await ringcap.exit).code).toBe(descriptor === 1 ? 1 : 0);
    await expectNothingAttached(network);
  });

  test("is detached when its duration is over, and has every packet that it counts once somebody reads", async () => {
    await using network = await TestNetwork.create();
    const ringcap = await startStalled(network, ["--action", "drop", "--duration", "10"], 1);
    await floodWith(network, 50_000);
    await expectNothingAttached(network);
    expect(isRunning(ringcap)).toBe(true);
    readTerminal(ringcap);
    const { code, stderr, stdout } = await ringcap.exit;
    const { captured, matched, dropped } = countsOf(stderr);
    expect(stdout.toString().split("\n").length - 1).toBe(captured);
    expect(captured + dropped).toBe(matched);
    expect(dropped).toBeGreaterThan(0);
    expect(code).toBe(1);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "is detached by %s, and ended by the next one",
    async (signal) => {
      await using network = await TestNetwork.create();
      const ringcap = await startStalled(network, ["--action", "drop"], 1);
      await floodWith(network, 50_000);
      ringcap.child.kill(signal);
      await expectNothingAttached(network);
      expect(isRunning(ringcap)).toBe(true);
      const { code, stderr } = await insist(ringcap, signal);
      expect(code).toBe(1);
      expect(stderr).toContain("write standard output: stopped before everything was written");
      const { captured, matched, dropped } = countsOf(stderr);
      const unwritten = Number(/(\d+) could not be written/.exec(stderr)?.[1]);
      expect(captured + dropped + unwritten).toBe(matched);
      expect(matched).toBe(await arrived(network));
    },
  );
});

const frame = ethernet({ payload: ipv4({ payload: tcp() }) });

/** Packets that the stack behind v0 was given: InReceives of RFC 4293. */
async function receivedBehind(network: TestNetwork): Promise<number> {
  const { stdout } = await network.exec("b", "cat", ["/proc/net/snmp"]);
  return Number(/^Ip: \d+ \d+ (\d+) /m.exec(stdout)?.[1]);
}

/** Whether a frame that is sent now is passed on. */
async function passes(network: TestNetwork): Promise<boolean> {
  const before = await receivedBehind(network);
  await network.sendFrames([frame]);
  return (await receivedBehind(network)) > before;
}

/** A capture that drops, into a file on a disk that is frozen: its main thread waits in the kernel. */
async function startFrozen(network: TestNetwork, options: readonly string[]) {
  const disk = mountDisk();
  const path = join(disk.directory, "out.pcap");
  const prefix = network.commandIn("b");
  const ringcap = startRingcap(["-i", "v0", "--action", "drop", "-w", path, "--json", ...options], { prefix });
  // Before the process is waited for.
  onTestFinished(disk.thaw);
  await ringcap.listening();
  disk.freeze();
  expect(await passes(network)).toBe(false);
  const state = () => readFileSync(`/proc/${ringcap.child.pid}/stat`, "utf8").replace(/^.*\) /, "")[0];
  await expect.poll(state).toBe("D");
  return { disk, ringcap };
}

describeWith(
  [...needed, requirements.tools("fsfreeze", "mkfs.ext4", "mount", "truncate", "tcpreplay")],
  "a capture whose main thread waits for a disk",
  () => {
    test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
      "drops nothing from %s on, and counts exactly",
      async (signal) => {
        await using network = await TestNetwork.create();
        const { disk, ringcap } = await startFrozen(network, []);
        ringcap.child.kill(signal);
        await expect.poll(() => passes(network)).toBe(true);
        expect(isRunning(ringcap)).toBe(true);
        disk.thaw();
        expect(await ringcap.exit).toMatchObject({ code: 0 });
        const { packets } = await ringcap.json();
        expect(packets).toMatchObject({ seen: packets.matched, written: packets.matched, writeFailed: 0 });
      },
    );

    test("drops nothing once its duration is over", async () => {
      await using network = await TestNetwork.create();
      const { disk, ringcap } = await startFrozen(network, ["--duration", "10"]);
      await expect.poll(() => passes(network)).toBe(true);
      expect(isRunning(ringcap)).toBe(true);
      disk.thaw();
      expect(await ringcap.exit).toMatchObject({ code: 0 });
    });
  },
);

describeWith([...needed, requirements.tools("tcpreplay")], "a capture that is stopped as by Ctrl-Z", () => {
  test("drops nothing after some seconds, drops again when it goes on, and says so at the end", async () => {
    await using network = await TestNetwork.create();
    const ringcap = startRingcap(["-i", "v0", "--action", "drop", "--json"], { prefix: network.commandIn("b") });
    await ringcap.listening();
    expect(await passes(network)).toBe(false);
    ringcap.child.kill("SIGSTOP");
    await expect.poll(() => passes(network)).toBe(true);
    ringcap.child.kill("SIGCONT");
    await expect.poll(() => passes(network)).toBe(false);
    ringcap.child.kill("SIGINT");
    const { code, stderr } = await ringcap.exit;
    expect(code).toBe(0);
    expect(stderr).toContain("ringcap: the process stood still for more than 3 s");
  });
});
