import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ethernet, ipv4, tcp, zeros } from "../support/frames.ts";
import { knownMixture } from "../support/known-mixture.ts";
import { type End, networkAddresses, TestNetwork } from "../support/network.ts";
import { readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { run, runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const needed = [requirements.root, requirements.namespaces, requirements.tools("ip", "tcpreplay", "tcpdump", "tshark")];

/** Starts tcpdump on v0, in both directions; `done` resolves when it has ended after `count` packets. */
async function tcpdump(network: TestNetwork, count: number): Promise<{ path: string; done: Promise<unknown> }> {
  const path = join(temporaryDirectory(), "arrived.pcap");
  // As root to the end: tcpdump's own user may not write to the test's directory.
  const words = ["-Z", "root", "-i", network.receiver, "--immediate-mode", "-c", String(count), "-w", path];
  const child = network.spawn("b", "tcpdump", words);
  const done = new Promise((resolve) => child.once("close", resolve));
  let messages = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      messages += chunk;
      if (messages.includes("listening on")) {
        resolve();
      }
    });
    child.once("close", () => reject(new Error(messages)));
  });
  return { path, done };
}

/** What the device has received and sent since it was made. */
async function packetCounts(network: TestNetwork, end: End, device: string) {
  const { stdout } = await network.exec(end, "ip", ["-json", "-statistics", "link", "show", device]);
  const [link] = JSON.parse(stdout) as [{ stats64: Record<"rx" | "tx", { packets: number }> }];
  return { received: link.stats64.rx.packets, sent: link.stats64.tx.packets };
}

async function namespaceNames(): Promise<string[]> {
  const { stdout } = await run("ip", ["netns", "list"]);
  return stdout.split("\n").map((line) => line.split(" ")[0] ?? "");
}

describeWith(needed, "the test network", () => {
  test("carries the frames that are sent, byte for byte and in order, and nothing else", async () => {
    await using network = await TestNetwork.create();
    const frames = knownMixture().map(({ frame }) => frame);
    const { path, done } = await tcpdump(network, frames.length);
    // Two seconds, in which a host that asked for routers or neighbours would be heard.
    expect(await network.sendFrames(frames, { packetsPerSecond: frames.length / 2 })).toBe(frames.length);
    await done;
    const arrived = (await readPcapWithEditcap(path)).map(({ hex }) => hex);
    expect(arrived).toEqual(frames.map((frame) => Buffer.from(frame).toString("hex")));
    expect(await packetCounts(network, "b", network.receiver)).toEqual({ received: frames.length, sent: 0 });
    expect(await packetCounts(network, "a", network.sender)).toEqual({ received: 0, sent: frames.length });
  });

  test("sends at top speed, several times over", async () => {
    await using network = await TestNetwork.create();
    const frames = Array.from({ length: 500 }, (_, sequence) =>
      ethernet({ payload: ipv4({ payload: tcp({ sequence }) }) }),
    );
    expect(await network.sendFrames(frames, { loop: 3 })).toBe(1500);
    await expect.poll(() => packetCounts(network, "b", network.receiver)).toEqual({ received: 1500, sent: 0 });
  });

  test("fails a test whose frame does not fit the link, and carries it with a larger MTU", async () => {
    const jumbo = [ethernet({ payload: ipv4({ payload: tcp({ payload: zeros(8000) }) }) })];
    await using small = await TestNetwork.create();
    await expect(small.sendFrames(jumbo)).rejects.toThrow(/tcpreplay sent 0 of 1 frames/);
    await using large = await TestNetwork.create({ mtu: 9000 });
    expect(await large.sendFrames(jumbo)).toBe(1);
  });

  test.each([
    ["IPv4", "192.0.2.12"],
    ["IPv6", "2001:db8::12"],
  ])("with addresses lets a connection over %s through, and no neighbour is asked for", async (_name, address) => {
    await using network = await TestNetwork.create({ addresses: networkAddresses });
    // The SYN, and the RST of a port where nobody listens.
    const { path, done } = await tcpdump(network, 2);
    const client = `require("net").connect(9, "${address}").once("error", (error) => console.log(error.code))`;
    expect((await network.exec("a", process.execPath, ["-e", client])).stdout.trim()).toBe("ECONNREFUSED");
    await done;
    const flags = await tsharkFields(path, ["tcp.flags.str"]);
    expect(flags.map((row) => row["tcp.flags.str"].replaceAll("·", ""))).toEqual(["S", "AR"]);
    expect(await packetCounts(network, "b", network.receiver)).toEqual({ received: 1, sent: 1 });
  });

  test("adds a tun device, which has no link header", async () => {
    await using network = await TestNetwork.create();
    await network.addTun("b", "tun5");
    const { stdout } = await network.exec("b", "ip", ["-json", "link", "show", "tun5"]);
    expect(JSON.parse(stdout)).toMatchObject([{ link_type: "none", flags: expect.arrayContaining(["UP"]) }]);
  });

  test("is gone with what runs in it once destroyed, however often", async () => {
    const network = await TestNetwork.create();
    const child = network.spawn("b", "sleep", ["600"]);
    await expect.poll(async () => (await run("ip", ["netns", "pids", network.namespaces.b])).stdout).not.toBe("");
    const ended = new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
    network.destroy();
    network.destroy();
    expect(await ended).toBe("SIGKILL");
    const names = await namespaceNames();
    expect(names).not.toContain(network.namespaces.a);
    expect(names).not.toContain(network.namespaces.b);
  });

  test("removes what dead test processes left, and leaves the living alone", async () => {
    const dead = `ringcap-${spawnSync("true").pid}-0-a`;
    const living = `ringcap-${process.ppid}-987654-b`;
    await runOrFail("ip", ["netns", "add", dead]);
    await runOrFail("ip", ["netns", "add", living]);
    try {
      await using network = await TestNetwork.create();
      const names = await namespaceNames();
      expect(names).not.toContain(dead);
      expect(names).toEqual(expect.arrayContaining([living, network.namespaces.a, network.namespaces.b]));
    } finally {
      await run("ip", ["netns", "delete", living]);
    }
  });
});
