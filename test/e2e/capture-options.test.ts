import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  accountedFor,
  expectAddsUp,
  expectExitSaysLoss,
  hexOf,
  ip,
  numberedFrames,
  startFileCapture,
} from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { startFlood } from "../support/flood.ts";
import { ethernet, ipv4, udp, zeros } from "../support/frames.ts";
import { knownMixture } from "../support/known-mixture.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "tcpdump", "tshark", "capinfos"),
];

describeWith(needed, "the end of a capture", () => {
  test("comes with -c after exactly so many packets, and what matched besides is counted", async () => {
    await using network = await TestNetwork.create();
    const frames = numberedFrames(2000);
    const capture = await startFileCapture(network, ["-i", "v0", "-c", "700", "-s", "0"]);
    await network.sendFrames(frames);
    const { exit, summary, packets } = await capture.ended();
    expect(exit.code).toBe(0);
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf(frames.slice(0, 700)));
    const { written, matched, overLimit } = summary.packets;
    expect({ written, overLimit }).toEqual({ written: 700, overLimit: matched - 700 });
    expect(accountedFor(summary)).toBe(matched);
    expect(overLimit).toBeGreaterThan(0);
  });

  test("comes with --duration after that time, with what was captured until then", async () => {
    await using network = await TestNetwork.create();
    const begun = performance.now();
    // Packets come before the capture and after it, so that some come meanwhile however busy the machine is.
    startFlood(network);
    const capture = await startFileCapture(network, ["-i", "v0", "--duration", "0.6", "--port", "80"]);
    const { exit, summary, packets } = await capture.ended();
    expectExitSaysLoss(exit, summary);
    expect(summary.seconds).toBeGreaterThan(0.5);
    expect(summary.seconds).toBeLessThan((performance.now() - begun) / 1000);
    expect(summary.packets.written).toBeGreaterThan(0);
    expect(packets).toHaveLength(summary.packets.written);
    expectAddsUp(summary);
  });
});

describeWith(needed, "--action drop", () => {
  /** IPv4 packets that the stack of b has received. */
  const received = async (network: TestNetwork) => {
    const { stdout } = await network.exec("b", "cat", ["/proc/net/snmp"]);
    const [names, values] = stdout.split("\n").filter((line) => line.startsWith("Ip:"));
    return Number(values?.split(" ")[names?.split(" ").indexOf("InReceives") ?? -1]);
  };

  test.each([["xdp-native"], ["xdp-generic"], ["tc"]])(
    "at %s captures what matched and keeps it, and only it, from the stack",
    async (hook) => {
      await using network = await TestNetwork.create();
      const matching = numberedFrames(10, 80);
      const capture = await startFileCapture(network, [
        ...["-i", "v0", "--hook", hook, "--action", "drop", "--port", "80", "-s", "0"],
      ]);
      await network.sendFrames([...matching, ...numberedFrames(5, 443)]);
      await expect.poll(() => received(network)).toBe(5);
      const { summary, packets } = await capture.finish();
      expect(packets.map(({ hex }) => hex)).toEqual(hexOf(matching));
      expect(summary.packets).toMatchObject({ seen: 15, matched: 10, written: 10 });
      // With the capture the dropping ends.
      await network.sendFrames(matching);
      await expect.poll(() => received(network)).toBe(15);
    },
  );
});

describeWith(needed, "--promiscuous", () => {
  test.each(["SIGINT", "SIGKILL"] as const)("lasts as long as the process, which %s ends", async (signal) => {
    await using network = await TestNetwork.create();
    const promiscuity = async () => {
      const [link] = JSON.parse(await ip(network, "b", "-details -json link show v0")) as [{ promiscuity: number }];
      return link.promiscuity;
    };
    const { running } = await startFileCapture(network, ["-i", "v0", "--promiscuous"]);
    expect(await promiscuity()).toBe(1);
    running.child.kill(signal);
    await running.exit;
    await expect.poll(promiscuity).toBe(0);
    expect(JSON.parse(await ip(network, "b", "-details -json link show v0"))).not.toMatchObject([{ xdp: {} }]);
  });
});

describeWith(needed, "options that exclude each other", () => {
  test("are refused by name, and nothing is written", async () => {
    await using network = await TestNetwork.create();
    await network.addTun("b", "tun5");
    const refusals: readonly (readonly [string, RegExp])[] = [
      ["-i v0 --hook xdp -Q out", /--hook: XDP sees only packets that come in, not direction "out"/],
      ["-i v0 --hook xdp-generic -Q inout", /--hook: XDP sees only packets that come in, not direction "inout"/],
      ["-i v0 --action drop -Q inout", /--action: packets can be dropped only on their way in/],
      ["-i tun5 --hook xdp", /--hook: tun5 has no link-layer header/],
      ["-i v0 -i v0", /--interface: "v0" is named twice/],
      ["-i v0 --hook ebpf", /--hook: "ebpf" is none of auto/],
    ];
    const path = join(temporaryDirectory(), "refused.pcap");
    for (const [words, message] of refusals) {
      const { exit } = startRingcap([...words.split(" "), "-w", path], { prefix: network.commandIn("b") });
      expect(await exit, words).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
      expect(existsSync(path), words).toBe(false);
    }
  });
});

describeWith(needed, "the lines of packets", () => {
  /** What ringcap says less of: the content of UDP, SCTP, TCP and 802.3, and what authenticates. */
  const abridged = /UDP|SCTP|payload|data|1514|first fragment|authentication|every extension|experimental|802\.3/;

  test("are those of tcpdump for the same packets", async () => {
    await using network = await TestNetwork.create();
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "tc"]);
    const lines = startRingcap(["-i", "v0", "--hook", "tc"], { prefix: network.commandIn("b") });
    await lines.listening();
    const frames = knownMixture()
      .filter(({ name }) => !abridged.test(name))
      .map(({ frame }) => frame)
      .concat(
        ethernet({
          payload: ipv4({ payload: udp({ sourcePort: 50_001, destinationPort: 50_000, payload: zeros(7) }) }),
        }),
      );
    await network.sendFrames(frames);
    const { path } = await capture.finish();
    lines.child.kill("SIGINT");
    const { stdout } = await lines.exit;
    const ours = stdout.toString().split("\n").slice(0, -1);
    expect(ours.filter((line) => !/^\d\d:\d\d:\d\d\.\d{6} /.test(line))).toEqual([]);
    // Each capture stamps a packet when it meets it: the times differ.
    const theirs = await runOrFail("tcpdump", ["-n", "-t", "-r", path]);
    expect(ours.map((line) => line.slice("00:00:00.000000 ".length))).toEqual(theirs.stdout.split("\n").slice(0, -1));
  });
});
