import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bpfObjectsOf, expectNothingAttached } from "../support/attachments.ts";
import { startRingcap } from "../support/cli.ts";
import { startFlood, takeFloods } from "../support/flood.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tc", "ethtool", "bpftool", "tcpdump", "tshark", "capinfos"),
];

describeWith(needed, "a capture whose interface is removed", () => {
  test.each([
    ["xdp-native", "in"],
    ["xdp-generic", "in"],
    ["tc", "inout"],
  ])("at %s, direction %s, says so and keeps what was captured", async (hook, direction) => {
    await using network = await TestNetwork.create();
    await takeFloods(network);
    const path = join(temporaryDirectory(), "removed.pcap");
    const options = ["-i", "v0", "--hook", hook, "-Q", direction, "--promiscuous", "-w", path, "--json"];
    const ringcap = startRingcap(options, { prefix: network.commandIn("b") });
    await ringcap.listening();
    // A veth whose other CPU is busy drops live frames before any program: only an endless flood reaches a number.
    const flood = startFlood(network);
    await expect.poll(() => statSync(path).size).toBeGreaterThanOrEqual(24 + 10_000 * 76);
    await flood.stop();
    const objects = bpfObjectsOf(ringcap.child.pid);
    await runOrFail("ip", ["-netns", network.namespaces.b, "link", "delete", "v0"]);
    expect(await ringcap.exit).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ringcap: error: capture from v0: the interface went away$/m),
    });
    await expectNothingAttached(network, objects);
    const { packets } = await ringcap.json();
    expect(packets.matched).toBeGreaterThanOrEqual(10_000);
    expect(packets).toMatchObject({ writeFailed: 0, written: packets.matched - packets.ringDropped });
    expect((await capinfos(path)).packets).toBe(packets.written);
    expect(await readableByAll(path)).toEqual([]);
  });

  test("in the middle of a flood counts every packet that it saw", async () => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "removed.pcap");
    const ringcap = startRingcap(["-i", "v0", "-w", path, "--json"], { prefix: network.commandIn("b") });
    await ringcap.listening();
    startFlood(network);
    await expect.poll(() => statSync(path).size).toBeGreaterThanOrEqual(20_000 * 76);
    await runOrFail("ip", ["-netns", network.namespaces.b, "link", "delete", "v0"]);
    expect(await ringcap.exit).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("v0: the interface went away"),
    });
    const { packets } = await ringcap.json();
    expect(packets.written + packets.ringDropped).toBe(packets.matched);
    expect((await capinfos(path)).packets).toBe(packets.written);
  });
});
