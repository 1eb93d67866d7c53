/** The ways that kernels take which lack a feature, with the feature taken away (docs/kernels.md). */
import { expect, test } from "vitest";
import type { SendReport } from "../../src/send/index.ts";
import { hexOf, startFileCapture } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { knownMixture } from "../support/known-mixture.ts";
import { TestNetwork } from "../support/network.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "tc", "bpftool", "tcpreplay")];
const WITHOUT = "RINGCAP_TEST_WITHOUT=xdp-frags,tcx,live-frames";
const mixture = knownMixture();
const frames = mixture.map(({ frame }) => frame);
const wanted = hexOf(mixture.filter((each) => each.wanted).map(({ frame }) => frame));
const synToPort80 = ["--port", "80", "--tcp-flags", "syn,!ack", "-s", "0"];

async function json(network: TestNetwork, command: string, args: readonly string[]): Promise<unknown> {
  return JSON.parse((await network.exec("b", command, args)).stdout || "[]");
}

describeWith(needed, "without fragments at XDP and TCX", () => {
  test.each([
    ["xdp-native", "in", "b", "v0"],
    ["xdp-generic", "in", "b", "v0"],
    ["tc", "in", "b", "v0"],
    ["tc", "out", "a", "v1"],
  ] as const)("the known mixture is captured byte for byte at %s (%s)", async (hook, direction, end, device) => {
    await using network = await TestNetwork.create();
    const args = ["-i", device, "--hook", hook, "-Q", direction, ...synToPort80];
    const capture = await startFileCapture(network, args, { end, env: { RINGCAP_TEST_WITHOUT: "xdp-frags,tcx" } });
    await network.sendFrames(frames);
    const { packets, summary } = await capture.finish();
    expect(packets.map(({ hex }) => hex)).toEqual(wanted);
    expect(summary.packets).toMatchObject({ seen: frames.length, matched: wanted.length, written: wanted.length });
  });

  test("every length that is copied is right at XDP", async () => {
    await using network = await TestNetwork.create();
    const lengths = [1, 15, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200];
    const args = (length: number) => ["-i", "v0", "--hook", "xdp-generic", "-s", String(length)];
    for (const length of lengths) {
      const options = { env: { RINGCAP_TEST_WITHOUT: "xdp-frags" } };
      const capture = await startFileCapture(network, args(length), options);
      await network.sendFrames(frames);
      const { packets } = await capture.finish();
      expect(packets.map(({ hex }) => hex)).toEqual(hexOf(frames.map((frame) => frame.subarray(0, length))));
    }
  });

  test("TC is a filter of clsact, and no program claims to take fragments", async () => {
    await using network = await TestNetwork.create();
    const options = { env: { RINGCAP_TEST_WITHOUT: "xdp-frags,tcx" } };
    const atTc = await startFileCapture(network, ["-i", "v0", "--hook", "tc"], options);
    const filters = await json(network, "tc", ["-json", "filter", "show", "dev", "v0", "ingress"]);
    expect(filters).toMatchObject([{ kind: "bpf" }, { kind: "bpf" }]);
    expect((await atTc.finish()).exit.code).toBe(0);
    // A veth takes no native XDP program without fragments for so large an MTU.
    await network.exec("b", "ip", ["link", "set", "v0", "mtu", "9000"]);
    await network.exec("a", "ip", ["link", "set", "v1", "mtu", "9000"]);
    const refused = startRingcap(["-i", "v0", "--hook", "xdp-native"], { prefix: network.commandIn("b"), ...options });
    expect((await refused.exit).code).toBe(1);
  });

  test.each([
    ["out", "ingress", "a qdisc for what comes in only"],
    ["inout", "ingress", "a qdisc for what comes in only"],
    ["in", "ingress_block 22 clsact", "filters that interfaces share"],
  ])("-Q %s is refused beside %s, %s, and --hook packet works there", async (direction, qdisc) => {
    await using network = await TestNetwork.create();
    await network.exec("b", "tc", ["qdisc", "add", "dev", "v0", ...qdisc.split(" ")]);
    const options = { prefix: network.commandIn("b"), env: { RINGCAP_TEST_WITHOUT: "xdp-frags,tcx" } };
    const { code, stderr } = await startRingcap(["-i", "v0", "--hook", "tc", "-Q", direction], options).exit;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ringcap: error: attach to v0 \(tc\): .*\nringcap: .*--hook packet works beside both$/m);
    expect(await json(network, "tc", ["-json", "filter", "show", "dev", "v0", "ingress"])).toEqual([]);
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "packet", "-Q", direction], options);
    expect((await capture.finish()).exit.code).toBe(0);
  });

  test("an expression goes to TC, and is refused where XDP is asked for", async () => {
    await using network = await TestNetwork.create();
    const options = { env: { RINGCAP_TEST_WITHOUT: "xdp-frags" } };
    const capture = await startFileCapture(network, ["-i", "v0", "-s", "0", "tcp dst port 80"], options);
    expect((await capture.finish()).summary.interfaces).toMatchObject([{ hook: "tc" }]);
    const args = ["-i", "v0", "--hook", "xdp", "tcp dst port 80"];
    const { code, stderr } = await startRingcap(args, { prefix: network.commandIn("b"), ...options }).exit;
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/^ringcap: use --hook tc$/m) });
  });
});

describeWith(needed, "without live frames", () => {
  test("sending at top speed takes a packet socket, and says so", async () => {
    await using network = await TestNetwork.create();
    const file = `${temporaryDirectory()}/frames.pcap`;
    writePcap(
      file,
      frames.map((data) => ({ data })),
    );
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc", "-s", "0"]);
    const prefix = [...network.commandIn("a"), "env", WITHOUT];
    const sending = startRingcap(["send", file, "-i", "v1", "--topspeed", "--json"], { prefix });
    expect(await sending.exit).toMatchObject({ code: 0, stderr: expect.stringContaining("packet socket") });
    expect(await sending.json<SendReport>()).toMatchObject({ engine: "socket" });
    expect((await capture.finish()).packets.map(({ hex }) => hex)).toEqual(hexOf(frames));
  });
});
