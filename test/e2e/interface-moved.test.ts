import { expect, test } from "vitest";
import { bpfObjectsOf, expectNothingAttached } from "../support/attachments.ts";
import { hexOf, ip, numberedFrames, startFileCapture } from "../support/capturing.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";

const needed = [
  requirements.bpf,
  requirements.root,
  requirements.namespaces,
  requirements.tools("ip", "tc", "tcpreplay", "editcap", "bpftool"),
];

const places = [
  ["xdp-native", "in"],
  ["xdp-generic", "in"],
  ["tc", "in"],
  ["tc", "inout"],
] as const;

/** Several commands of ip(8) in one process, so that nothing has time to look in between. */
async function batch(network: TestNetwork, lines: readonly string[]): Promise<void> {
  await runOrFail("ip", ["-netns", network.namespaces.b, "-batch", "-"], { input: `${lines.join("\n")}\n` });
}

async function indexOf(network: TestNetwork, device: string): Promise<number> {
  const [link] = JSON.parse(await ip(network, "b", `-json link show dev ${device}`)) as [{ ifindex: number }];
  return link.ifindex;
}

describeWith(needed, "a capture whose interface leaves its network namespace", () => {
  test.each(places)("at %s, direction %s, ends with what was captured and says so", async (hook, direction) => {
    await using network = await TestNetwork.create();
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", hook, "-Q", direction, "-s", "0"]);
    const objects = bpfObjectsOf(capture.running.child.pid);
    const frames = numberedFrames(10);
    await network.sendFrames(frames);
    await ip(network, "b", `link set v0 netns ${network.namespaces.a}`);
    const { exit, packets, summary } = await capture.ended();
    expect(exit).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^ringcap: error: capture from v0: the interface was moved to another network namespace$/m,
      ),
    });
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf(frames));
    expect(summary.packets).toMatchObject({ matched: 10, written: 10 });
    await ip(network, "a", `link set v0 netns ${network.namespaces.b}`);
    await expectNothingAttached(network, objects);
  });

  test.each(places)("at %s, direction %s, is not deceived by another one with its index", async (hook, direction) => {
    await using network = await TestNetwork.create();
    const index = await indexOf(network, "v0");
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", hook, "-Q", direction]);
    await batch(network, [
      `link set v0 netns ${network.namespaces.a}`,
      `link add name v0 index ${index} type veth peer name w1`,
      "link set v0 up",
      "link set w1 up",
    ]);
    await network.sendFrames(numberedFrames(3), { end: "b", device: "w1" });
    const { exit, packets } = await capture.ended();
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining("v0: the interface was moved") });
    expect(packets).toEqual([]);
  });

  test("ends when it is deleted and made again with its index and name at once", async () => {
    await using network = await TestNetwork.create();
    const index = await indexOf(network, "v0");
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc"]);
    await batch(network, [
      "link delete v0",
      `link add name v0 index ${index} type veth peer name w1`,
      "link set v0 up",
    ]);
    const { exit } = await capture.ended();
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining("v0: the interface went away") });
  });

  test("goes on when a port leaves its bridge, another interface goes, and it is renamed", async () => {
    await using network = await TestNetwork.create();
    await batch(network, [
      "link add br0 type bridge mcast_snooping 0",
      "link set v0 master br0",
      "link add w0 type veth",
    ]);
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc"]);
    await batch(network, ["link set v0 nomaster", "link delete br0", "link delete w0"]);
    await batch(network, ["link set v0 down", "link set v0 name renamed0", "link set renamed0 up"]);
    await network.sendFrames(numberedFrames(3));
    const { exit, packets } = await capture.finish();
    expect(exit.code).toBe(0);
    expect(packets).toHaveLength(3);
  });

  test("ends for a tun too", async () => {
    await using network = await TestNetwork.create();
    await network.addTun("b", "tun5");
    const capture = await startFileCapture(network, ["-i", "tun5", "-Q", "out"]);
    await ip(network, "b", `link set tun5 netns ${network.namespaces.a}`);
    const { exit, summary } = await capture.ended();
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining("tun5: the interface was moved") });
    expect(summary.interfaces).toMatchObject([{ name: "tun5", linkType: 101 }]);
  });

  test("says when somebody else detached its program", async () => {
    await using network = await TestNetwork.create();
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc"]);
    const [link] = bpfObjectsOf(capture.running.child.pid).filter(({ kind }) => kind === "link");
    await runOrFail("bpftool", ["link", "detach", "id", link?.id ?? ""]);
    const { exit } = await capture.ended();
    expect(exit).toMatchObject({ code: 1, stderr: expect.stringContaining("somebody detached the capture program") });
  });
});
