import { join } from "node:path";
import { expect, test } from "vitest";
import { alsoBehindTag } from "../../src/capture/vlan-note.ts";
import { startFileCapture, startTcpdump } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { concatenate, ethernet, icmp, ipv4, tcp, u16 } from "../support/frames.ts";
import { selectedByTcpdump } from "../support/judges.ts";
import { TestNetwork } from "../support/network.ts";
import { readPcapWithEditcap, writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.bpf,
  requirements.root,
  requirements.namespaces,
  requirements.tools("ip", "ethtool", "tcpreplay", "tcpdump", "editcap"),
];

const tag = (frame: Uint8Array) => concatenate(frame.subarray(0, 12), u16(0x8100), u16(5), frame.subarray(12));
const echo = ethernet({ payload: ipv4({ payload: icmp() }) });
const segment = ethernet({ payload: ipv4({ payload: tcp() }) });
const frames = [echo, echo, echo, segment, ...[echo, echo, echo, echo, segment, segment].map(tag)];

/** Each with how many frames it chooses as they are on the wire, and how many a live tcpdump has. */
const questions = [
  ["icmp", 3, 7],
  ["not icmp", 7, 3],
] as const;

describeWith(needed, "an expression that does not ask for VLAN tags", () => {
  test.each(questions)(
    "%s means at TC and in a replay what it means to tcpdump -r, and can be made to mean what it means live",
    async (question, onWire, live) => {
      await using network = await TestNetwork.create();
      await network.addTaggingBridge();
      const path = join(temporaryDirectory(), "all.pcap");
      writePcap(
        path,
        frames.map((data) => ({ data })),
      );
      const tcpdump = await startTcpdump(network, "b", ["-i", "v0", "-Q", "in", question]);
      const ask = (expression: string) =>
        Promise.all([
          startFileCapture(network, ["-i", "v0", "--hook", "tc", "-s", "0", expression]),
          startFileCapture(network, ["-i", "v1", "-Q", "out", "-s", "0", expression], { end: "a" }),
        ]);
      const replay = async (expression: string) => {
        const output = join(temporaryDirectory(), "replayed.pcap");
        expect((await startRingcap(["replay", path, "-w", output, expression]).exit).code).toBe(0);
        return (await readPcapWithEditcap(output)).length;
      };
      const plain = await ask(question);
      const both = await ask(alsoBehindTag(question));
      await network.sendFrames(frames, { device: "x0" });
      expect(await tcpdump.packets(live)).toHaveLength(live);
      for (const capture of plain) expect((await capture.finish()).packets).toHaveLength(onWire);
      for (const capture of both) expect((await capture.finish()).packets).toHaveLength(live);
      expect(await selectedByTcpdump(path, question)).toHaveLength(onWire);
      expect(await replay(question)).toBe(onWire);
      expect(await replay(alsoBehindTag(question))).toBe(live);
    },
  );

  test.each(["xdp-native", "xdp-generic"])(
    "means the same at %s as long as the tags are in the frames",
    async (hook) => {
      await using network = await TestNetwork.create();
      await network.addTaggingBridge();
      for (const [question, onWire, live] of questions) {
        for (const [offload, plain, both] of [
          ["off", onWire, live],
          // The program sees no tag, and matches packets with one as if they had none.
          ["on", live, live],
        ] as const) {
          await network.exec("a", "ethtool", ["-K", "v1", "txvlan", offload]);
          for (const [expression, expected] of [
            [question, plain],
            [alsoBehindTag(question), both],
          ] as const) {
            // With "vlan" in it, auto would go to TC.
            const capture = await startFileCapture(network, ["-i", "v0", "--hook", hook, "-s", "0", expression]);
            await network.sendFrames(frames, { device: "x0" });
            expect((await capture.finish()).packets, `${expression}, offload ${offload}`).toHaveLength(expected);
          }
        }
      }
    },
  );

  test("is said to hide packets that --vlan asks for", async () => {
    await using network = await TestNetwork.create();
    const capture = await startFileCapture(network, ["-i", "v0", "--vlan", "5", "icmp"]);
    const { exit } = await capture.finish();
    expect(exit.stderr).toContain("for packets with one, type 'icmp or (vlan and icmp)'\n");
  });
});
