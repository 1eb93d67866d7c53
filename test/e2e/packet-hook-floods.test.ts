import { spawn } from "node:child_process";
import { openSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { SendReport } from "../../src/send/index.ts";
import { expectAddsUp, hexOf, ip, numberedFrames, startFileCapture } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { startFlood, takeFloods } from "../support/flood.ts";
import { namedPipe, outputTo, stalledReader } from "../support/named-pipe.ts";
import { TestNetwork } from "../support/network.ts";
import { rootWithNetRaw } from "../support/network-raw.ts";
import { capinfos, readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.root,
  requirements.namespaces,
  requirements.tools("ip", "ethtool", "setpriv", "mkfifo", "cat", "tcpreplay", "tcpdump", "tshark", "capinfos"),
];

/** 2000 frames, of which tcpdump selects 1322 by `tcp port 80 and tcp[13] & 0x12 = 2`. */
const synFlood = fileURLToPath(new URL("../../fixtures/syn-flood-ipv4.pcap", import.meta.url));

/** Sends the file so many times at 200,000 frames a second, and returns how many frames left v1. */
async function send(network: TestNetwork, times: number): Promise<number> {
  const words = ["send", synFlood, "-i", network.sender, "--loop", `${times}`, "--pps", "200000", "--json"];
  const sender = startRingcap(words, { prefix: network.commandIn("a") });
  const { frames, interface: device } = await sender.json<SendReport>();
  expect(device.transmitDropped).toBe(0);
  return frames.sent;
}

describeWith(needed, "a flood, captured with CAP_NET_RAW as the only capability", () => {
  test("of 200,000 frames a second is accounted for to the last frame", async () => {
    await using network = await TestNetwork.create();
    const path = join(temporaryDirectory(), "flood.pcap");
    const options = ["-i", "v0", "--port", "80", "--tcp-flags", "syn,!ack", "-w", path, "--json"];
    const ringcap = startRingcap(options, { prefix: [...network.commandIn("b"), ...rootWithNetRaw] });
    await ringcap.listening();
    expect(await send(network, 200)).toBe(400_000);
    ringcap.child.kill("SIGINT");
    await ringcap.exit;
    const summary = await ringcap.json();
    expect(summary.interfaces).toMatchObject([{ hook: "packet" }]);
    // All of it is plain IPv4, about which the kernel decides: what it dropped would have matched too.
    expect(summary.packets).toMatchObject({ seen: 200 * 1322, matched: 200 * 1322 });
    expectAddsUp(summary);
    expect((await capinfos(path)).packets).toBe(summary.packets.written);
    expect(await readableByAll(path)).toEqual([]);
  });

  test("behind a reader that stalls counts what the kernel dropped", async () => {
    await using network = await TestNetwork.create();
    const pipe = namedPipe();
    const release = stalledReader(pipe);
    const prefix = [...network.commandIn("b"), ...rootWithNetRaw, ...outputTo(pipe)];
    const ringcap = startRingcap(["-i", "v0", "-B", "1", "-w", "-", "--json"], { prefix });
    await ringcap.listening();
    const sent = await send(network, 100);
    const path = join(temporaryDirectory(), "read.pcap");
    const reader = spawn("cat", [pipe], { stdio: ["ignore", openSync(path, "w"), "inherit"] });
    const readerEnded = new Promise((resolve) => reader.once("close", resolve));
    ringcap.child.kill("SIGINT");
    const { code, stderr } = await ringcap.exit;
    release();
    await readerEnded;
    const summary = await ringcap.json("stderr");
    const { matched, ringDropped, written } = summary.packets;
    expect(code).toBe(1);
    expect(stderr).toContain(`of ${matched} packets that matched, ${ringDropped} found the ring full`);
    expect(summary.packets).toMatchObject({ seen: sent, matched: sent, writeFailed: 0, overLimit: 0 });
    expect(ringDropped).toBeGreaterThan(10_000);
    expectAddsUp(summary);
    expect((await capinfos(path)).packets).toBe(written);
    expect(await readableByAll(path)).toEqual([]);
  });
});

describeWith(needed, "a capture at packet", () => {
  test.each(["in", "inout"])(
    "whose interface is removed in a flood, direction %s, keeps what came",
    async (direction) => {
      await using network = await TestNetwork.create();
      await takeFloods(network);
      const path = join(temporaryDirectory(), "removed.pcap");
      const options = ["-i", "v0", "--hook", "packet", "-Q", direction, "--promiscuous", "-w", path, "--json"];
      const ringcap = startRingcap(options, { prefix: network.commandIn("b") });
      await ringcap.listening();
      startFlood(network);
      await expect.poll(() => statSync(path).size).toBeGreaterThanOrEqual(20_000 * 76);
      await ip(network, "b", "link delete v0");
      expect(await ringcap.exit).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^ringcap: error: capture from v0: the interface went away$/m),
      });
      const summary = await ringcap.json();
      expectAddsUp(summary);
      expect(summary.packets.written).toBeGreaterThan(20_000);
      expect((await capinfos(path)).packets).toBe(summary.packets.written);
      expect(await readableByAll(path)).toEqual([]);
    },
  );

  test("outlives that its interface goes down and up", async () => {
    await using network = await TestNetwork.create();
    const frames = numberedFrames(20);
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "packet", "-s", "0"]);
    await network.sendFrames(frames.slice(0, 10));
    await ip(network, "b", "link set v0 down");
    await ip(network, "b", "link set v0 up");
    const link = () => ip(network, "a", "-brief link show dev v1");
    await expect.poll(link).toMatch(/ UP /);
    await network.sendFrames(frames.slice(10));
    const { packets, exit } = await capture.finish();
    expect(exit.code, exit.stderr).toBe(0);
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf(frames));
  });

  test("that follows the interface into no other namespace ends when it is moved", async () => {
    await using network = await TestNetwork.create();
    const ringcap = startRingcap(["-i", "v0", "--hook", "packet", "--json"], { prefix: network.commandIn("b") });
    await ringcap.listening();
    await ip(network, "b", `link set v0 netns ${network.namespaces.a}`);
    expect(await ringcap.exit).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("capture from v0: the interface was moved to another network namespace"),
    });
  });
});
