import { expect, test } from "vitest";
import { hexOf, numberedFrames, startFileCapture, startTcpdump } from "../support/capturing.ts";
import {
  attachForeign,
  type ForeignPlace,
  TC_OK,
  TC_SHOT,
  TC_UNSPEC,
  type Verdict,
  XDP_DROP,
} from "../support/foreign-programs.ts";
import { networkAddresses, TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const needed = [
  requirements.bpf,
  requirements.root,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "tcpdump", "editcap"),
];

const redirect: Verdict = { redirectTo: "away0" };
const verdicts: readonly (readonly [string, Verdict])[] = [
  ["lets it go on", TC_UNSPEC],
  ["accepts it at once", TC_OK],
  ["drops it", TC_SHOT],
  ["sends it to another device", redirect],
];

/** Frames that arrive at v0 of b. */
const arriving = numberedFrames(20);

async function createNetwork(): Promise<TestNetwork> {
  const network = await TestNetwork.create({ addresses: networkAddresses });
  const device = "link add away0 type veth peer away1".split(" ");
  for (const words of [device, ["link", "set", "away0", "up"], ["link", "set", "away1", "up"]]) {
    expect(await network.exec("b", "ip", words)).toMatchObject({ code: 0 });
  }
  return network;
}

describeWith(needed, "a capture at TC beside a foreign program that", () => {
  test.each(verdicts)("%s has what comes in, whoever was first", async (_name, verdict) => {
    await using network = await createNetwork();
    const place: ForeignPlace = { hook: "ingress" };
    const before = await attachForeign(network, "b", "before", place, verdict);
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc", "-s", "0"]);
    const tcpdump = await startTcpdump(network, "b", ["-i", "v0", "-Q", "in"]);
    await network.sendFrames(arriving);
    await before.detach();
    await attachForeign(network, "b", "behind", place, verdict);
    await network.sendFrames(arriving);
    const judged = await tcpdump.packets(2 * arriving.length);
    const { packets, exit } = await capture.finish();
    expect(packets.map(({ hex }) => hex)).toEqual(judged.map(({ hex }) => hex));
    expect(exit.stderr).not.toContain("in front");
  });

  test.each(verdicts)("%s has what meets the interface on its way out", async (_name, verdict) => {
    await using network = await createNetwork();
    await attachForeign(network, "b", "before", { hook: "egress" }, verdict);
    const capture = await startFileCapture(network, ["-i", "v0", "-Q", "out", "--port", "5300", "-s", "0"]);
    // What is dropped is an error of the call that sends it.
    const send = `const socket = require("node:dgram").createSocket("udp4");
      let left = 5;
      const next = () => (left-- === 0 ? socket.close() : socket.send("out", 5300, "192.0.2.11", next));
      next();`;
    expect(await network.exec("b", process.execPath, ["-e", send])).toMatchObject({ code: 0 });
    const { summary } = await capture.finish();
    expect(summary.packets).toMatchObject({ matched: 5, written: 5 });
  });

  test.each([
    ["ingress", "in"],
    ["egress", "out"],
  ] as const)("comes in front of it at %s later goes in front of that one again", async (hook, direction) => {
    await using network = await createNetwork();
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc", "-Q", direction, "-s", "0"]);
    for (const name of ["late_one", "late_two"]) {
      await attachForeign(network, "b", name, { hook, first: true }, hook === "ingress" ? TC_SHOT : TC_OK);
      const note = `v0: program \\d+ "${name}" was attached in front at TC \\(${direction}\\): moved in front of it\n`;
      await capture.running.waitForStderr(new RegExp(note));
    }
    await network.sendFrames(arriving, { end: direction === "in" ? "a" : "b" });
    const { packets, exit, summary } = await capture.finish();
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf(arriving));
    expect(summary.packets.seen).toBe(arriving.length);
    expect(exit).toMatchObject({ code: 0 });
  });

  test("moves under traffic loses none of the packets that both let go on", async () => {
    await using network = await createNetwork();
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc", "-s", "64"]);
    const sending = network.sendFrames(arriving, { loop: 2000, packetsPerSecond: 20_000 });
    const late = await attachForeign(network, "b", "late", { hook: "ingress", first: true }, TC_UNSPEC);
    await capture.running.waitForStderr(/"late" was attached in front/);
    await late.detach();
    const sent = await sending;
    const { summary } = await capture.finish();
    // Between the two steps of the move there are some microseconds, in which one packet may come.
    expect(summary.packets.seen).toBeLessThanOrEqual(sent);
    expect(summary.packets.seen).toBeGreaterThanOrEqual(sent - 2);
    expect(summary.packets.written).toBe(summary.packets.seen);
  });
});

describeWith(needed, "an XDP program in front of a capture at TC", () => {
  test("that was there before is said to hide what it drops", async () => {
    await using network = await createNetwork();
    await attachForeign(network, "b", "wall", { hook: "xdp" }, XDP_DROP);
    for (const [hook, slot] of [
      ["auto", 'XDP \\(native\\) is taken by program \\d+ "wall"; capturing at tc'],
      ["tc", ""],
    ] as const) {
      const capture = await startFileCapture(network, ["-i", "v0", "--hook", hook]);
      await network.sendFrames(arriving);
      const { exit, summary } = await capture.finish();
      expect(summary.packets.seen).toBe(0);
      expect(exit.stderr).toMatch(new RegExp(slot));
      expect(exit.stderr).toMatch(
        /v0: XDP \(native\) has program \d+ "wall" in front of TC: packets that it drops or redirects are not seen\n/,
      );
    }
  });

  test("that comes later is said too, once, and a capture that only watches is not", async () => {
    await using network = await createNetwork();
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc"]);
    const watcher = await startFileCapture(network, ["-i", "v0", "--hook", "xdp"]);
    await network.sendFrames(arriving);
    expect((await watcher.finish()).summary.packets.seen).toBe(arriving.length);
    await attachForeign(network, "b", "wall", { hook: "xdp" }, XDP_DROP);
    await capture.running.waitForStderr(/"wall" in front of TC/);
    const { exit, summary } = await capture.finish();
    expect(exit.stderr.match(/in front/g)).toHaveLength(1);
    expect(summary.packets.seen).toBe(arriving.length);
  });
});

describeWith(needed, "two captures at TC, one of which drops, beside a program that accepts at once", () => {
  /** IP packets that got past TC in b. */
  async function received(network: TestNetwork): Promise<number> {
    const { stdout } = await network.exec("b", "cat", ["/proc/net/snmp"]);
    const [names, values] = stdout.split("\n").filter((line) => line.startsWith("Ip:"));
    const column = names?.split(" ").indexOf("InReceives") ?? -1;
    return Number(values?.split(" ")[column]);
  }

  test.each([
    ["watching", "dropping"],
    ["dropping", "watching"],
  ] as const)("have both every packet, and none gets further: first the one %s", async (...order) => {
    await using network = await createNetwork();
    await attachForeign(network, "b", "before", { hook: "ingress" }, TC_OK);
    const expressions = { watching: ["tcp"], dropping: ["--action", "drop"] };
    const captures = [];
    for (const which of order) {
      const words = ["-i", "v0", "--hook", "tc", "-s", "0", ...expressions[which]];
      captures.push(await startFileCapture(network, words));
    }
    await attachForeign(network, "b", "late", { hook: "ingress", first: true }, TC_OK);
    for (const { running } of captures) await running.waitForStderr(/"late" was attached in front.*moved/);
    const before = await received(network);
    await network.sendFrames(arriving);
    for (const capture of captures) {
      const { packets, summary } = await capture.finish();
      expect(packets.map(({ hex }) => hex)).toEqual(hexOf(arriving));
      expect(summary.packets).toMatchObject({ seen: arriving.length, matched: arriving.length });
    }
    expect(await received(network)).toBe(before);
  });
});
