import { expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, udp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tc", "tcpreplay"),
];

const frameOf = (bytes: number) => ethernet({ payload: ipv4({ payload: udp({ payload: new Uint8Array(bytes) }) }) });
const short = frameOf(100);
/** Longer than v0 takes: the kernel drops it on its way from v1 to v0, and counts it as v0's. */
const long = frameOf(1400);

async function networkWithNarrowReceiver(): Promise<TestNetwork> {
  const network = await TestNetwork.create();
  await runOrFail("ip", ["-netns", network.namespaces.b, "link", "set", "v0", "mtu", "1000"]);
  // Without a queue tcpreplay hears of the drop, and tries again without end.
  await runOrFail("tc", ["-netns", network.namespaces.a, "qdisc", "add", "dev", "v1", "root", "pfifo"]);
  return network;
}

/** What iproute2 says that v0 dropped since it was made. */
async function droppedAsIpSays(network: TestNetwork): Promise<number> {
  const args = ["-json", "-stats", "-netns", network.namespaces.b, "link", "show", "dev", "v0"];
  const [link] = JSON.parse((await runOrFail("ip", args)).stdout);
  return link.stats64.rx.dropped;
}

describeWith(needed, "what an interface drops before the hook", () => {
  test.each(["tc", "xdp-generic", "packet"])("is tcpdump's line after the counts of %s", async (hook) => {
    await using network = await networkWithNarrowReceiver();
    // From before the capture: none of its own.
    await network.sendFrames([long, long]);
    const before = await droppedAsIpSays(network);
    const ringcap = startRingcap(["-i", "v0", "--hook", hook], { prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames([short, long, long, long, short]);
    ringcap.child.kill("SIGINT");
    const { code, stderr } = await ringcap.exit;
    expect((await droppedAsIpSays(network)) - before).toBe(3);
    expect(stderr).toMatch(/^2 packets captured\n.*\n0 packets dropped by kernel\n3 packets dropped by interface$/m);
    expect(code).toBe(0);
  });

  test("is in the report, and not where there is none", async () => {
    await using network = await networkWithNarrowReceiver();
    const capturing = async (frames: readonly Uint8Array[]) => {
      const ringcap = startRingcap(["-i", "v0", "--json"], { prefix: network.commandIn("b") });
      await ringcap.listening();
      await network.sendFrames(frames);
      ringcap.child.kill("SIGINT");
      return ringcap.json();
    };
    expect((await capturing([long, short])).interfaces).toMatchObject([{ name: "v0", dropped: 1 }]);
    expect((await capturing([short])).interfaces[0]).not.toHaveProperty("dropped");
  });

  test("is in the singular, and not a matter of what goes out", async () => {
    await using network = await networkWithNarrowReceiver();
    const prefix = network.commandIn("b");
    const incoming = startRingcap(["-i", "v0"], { prefix });
    const outgoing = startRingcap(["-i", "v0", "-Q", "out"], { prefix });
    await Promise.all([incoming.listening(), outgoing.listening()]);
    await network.sendFrames([long]);
    incoming.child.kill("SIGINT");
    outgoing.child.kill("SIGINT");
    expect((await incoming.exit).stderr).toMatch(/^1 packet dropped by interface$/m);
    expect((await outgoing.exit).stderr).not.toMatch("dropped by interface");
  });
});
