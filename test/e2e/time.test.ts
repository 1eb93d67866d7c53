import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { prepareClockStep } from "../support/clock-step.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, type ReadPacket, readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "tcpdump", "tshark", "capinfos", "date", "unshare"),
];
const MILLISECOND = 1_000_000n;
const FRAME_LENGTH = 54;

/** Frames that differ, numbered from `first`. */
function numbered(first: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) =>
    ethernet({ payload: ipv4({ payload: tcp({ sequence: first + index }) }) }),
  );
}

/** ringcap and tcpdump on v0 at the same time, both with nanoseconds. */
async function startBoth(network: TestNetwork, hook: string) {
  const directory = temporaryDirectory();
  const paths = { ringcap: join(directory, "ringcap.pcap"), tcpdump: join(directory, "tcpdump.pcap") };
  const ringcap = startRingcap(
    ["-i", "v0", "--hook", hook, "--time-stamp-precision", "nano", "-w", paths.ringcap, "--json"],
    { prefix: network.commandIn("b") },
  );
  // With a short snapshot length its buffer holds many packets.
  const words = ["-Z", "root", "-i", "v0", "-s", "128", "-U", "--immediate-mode", "--time-stamp-precision", "nano"];
  const tcpdump = network.spawn("b", "tcpdump", [...words, "-w", paths.tcpdump]);
  const tcpdumpEnded = new Promise((resolve) => tcpdump.once("close", resolve));
  await new Promise<void>((resolve, reject) => {
    tcpdump.stderr.on("data", (chunk: Buffer) => chunk.includes("listening on") && resolve());
    tcpdumpEnded.then(() => reject(new Error("tcpdump ended")));
  });
  await ringcap.listening();
  const arrived = async (packets: number) => {
    const size = 24 + packets * (16 + FRAME_LENGTH);
    await expect.poll(() => statSync(paths.tcpdump).size).toBe(size);
  };
  return {
    /** Resolves when tcpdump has so many packets. */
    arrived,
    /** The packets in both files, once there are so many in each. */
    finish: async (packets: number): Promise<{ ours: ReadPacket[]; theirs: ReadPacket[] }> => {
      await arrived(packets);
      ringcap.child.kill("SIGINT");
      tcpdump.kill("SIGINT");
      expect(await ringcap.json()).toMatchObject({ packets: { written: packets } });
      await tcpdumpEnded;
      expect(await capinfos(paths.ringcap)).toMatchObject({ fileType: "nsecpcap", timestampDigits: 9 });
      return { ours: await readPcapWithEditcap(paths.ringcap), theirs: await readPcapWithEditcap(paths.tcpdump) };
    },
  };
}

/** Same packets, same order; returns how far our stamp of each is from tcpdump's, in nanoseconds. */
function differences(ours: readonly ReadPacket[], theirs: readonly ReadPacket[]): bigint[] {
  expect(ours.map(({ hex }) => hex)).toEqual(theirs.map(({ hex }) => hex));
  return ours.map((packet, index) => {
    const difference = packet.timestampNanoseconds - (theirs[index]?.timestampNanoseconds ?? 0n);
    return difference < 0n ? -difference : difference;
  });
}

describeWith(needed, "time stamps", () => {
  test.each(["xdp-native", "tc", "packet"])(
    "at %s are those of tcpdump, most of them within a millisecond, and in order",
    async (hook) => {
      await using network = await TestNetwork.create();
      const both = await startBoth(network, hook);
      await network.sendFrames(numbered(0, 300), { packetsPerSecond: 1000 });
      const { ours, theirs } = await both.finish(300);
      // The two are stamped one after the other; where this machine's CPU is taken away between them, both are right.
      const near = differences(ours, theirs).filter((difference) => difference < MILLISECOND);
      expect(near.length).toBeGreaterThan(150);
      for (const [index, packet] of ours.slice(1).entries()) {
        expect(packet.timestampNanoseconds).toBeGreaterThanOrEqual(ours[index]?.timestampNanoseconds ?? 0n);
      }
    },
  );

  test("follow the clock when somebody sets it, from the packet on that came after", async () => {
    await using network = await TestNetwork.create();
    const clock = await prepareClockStep();
    const both = await startBoth(network, "auto");
    /** Between what the clock said before the frames were sent and after they had come. */
    const phases: { from: bigint; to: bigint }[] = [];
    const sendTwenty = async () => {
      const from = BigInt(Date.now());
      await network.sendFrames(numbered(20 * phases.length, 20));
      await both.arrived(20 * (phases.length + 1));
      phases.push({ from: from * MILLISECOND, to: BigInt(Date.now() + 1) * MILLISECOND });
    };
    await sendTwenty();
    await clock.forward();
    await sendTwenty();
    await clock.back();
    await sendTwenty();
    const { ours, theirs } = await both.finish(60);
    for (const [index, { timestampNanoseconds }] of ours.entries()) {
      const phase = phases[Math.floor(index / 20)];
      expect(timestampNanoseconds, `packet ${index}`).toBeGreaterThanOrEqual((phase?.from ?? 0n) - MILLISECOND);
      expect(timestampNanoseconds, `packet ${index}`).toBeLessThanOrEqual((phase?.to ?? 0n) + MILLISECOND);
    }
    // A stamp of the wrong side of a step is a second away.
    expect(differences(ours, theirs).filter((difference) => difference > 500n * MILLISECOND)).toEqual([]);
  });

  test.each([
    ["ahead", "86400"],
    ["behind", "-100"],
  ])("are those of tcpdump in a time namespace whose clock is %s", async (_case, offset) => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "out.pcap");
    const shifted = ["unshare", "--time", "--fork", "--kill-child", "--monotonic", offset, "--boottime", offset];
    const ringcap = startRingcap(["-i", "v0", "-c", "1", "-w", path], {
      prefix: [...network.commandIn("b"), ...shifted],
    });
    await ringcap.listening();
    const before = BigInt(Date.now()) * MILLISECOND;
    await network.sendFrames(numbered(0, 1));
    expect(await ringcap.exit).toMatchObject({ code: 0 });
    const after = BigInt(Date.now() + 1) * MILLISECOND;
    const [packet] = await readPcapWithEditcap(path);
    expect(packet?.timestampNanoseconds).toBeGreaterThanOrEqual(before - MILLISECOND);
    expect(packet?.timestampNanoseconds).toBeLessThanOrEqual(after + MILLISECOND);
  });
});
