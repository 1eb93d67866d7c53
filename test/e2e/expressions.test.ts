import { join } from "node:path";
import { expect, test } from "vitest";
import { hexOf, startFileCapture, startTcpdump } from "../support/capturing.ts";
import { arp, concatenate, ethernet, etherTypes, icmp, ipv4, ipv6, tcp, u16, udp, zeros } from "../support/frames.ts";
import { selectedByTcpdump } from "../support/judges.ts";
import { knownMixture } from "../support/known-mixture.ts";
import { TestNetwork } from "../support/network.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "tcpdump", "editcap"),
];

/** Of the frames those that `tcpdump -r` selects, as hex. */
async function selected(frames: readonly Uint8Array[], expression: string): Promise<string[]> {
  const path = join(temporaryDirectory(), "frames.pcap");
  writePcap(
    path,
    frames.map((data) => ({ data })),
  );
  const chosen = new Set(await selectedByTcpdump(path, expression));
  return hexOf(frames.filter((_, index) => chosen.has(index)));
}

const mixture = knownMixture().map(({ frame }) => frame);

describeWith(needed, "a capture by an expression", () => {
  test("of tagged frames has at XDP and at TC of both ends what tcpdump has of the same traffic", async () => {
    await using network = await TestNetwork.create();
    const expression = "(ip6 and not port 443) or (vlan and (tcp port 80 or (vlan and udp)))";
    const words = ["-s", "0", ...expression.split(" ")];
    const [tcpdump, xdp, ingress, egress] = await Promise.all([
      startTcpdump(network, "b", ["-i", "v0", "-s", "0", expression]),
      startFileCapture(network, ["-i", "v0", "--hook", "xdp-native", ...words]),
      startFileCapture(network, ["-i", "v0", "--hook", "tc", ...words]),
      startFileCapture(network, ["-i", "v1", "-Q", "out", ...words], { end: "a" }),
    ]);
    await network.sendFrames(mixture);
    const expected = await selected(mixture, expression);
    expect(expected.length).toBeGreaterThan(10);
    expect(expected.length).toBeLessThan(mixture.length / 2);
    expect((await tcpdump.packets(expected.length)).map(({ hex }) => hex)).toEqual(expected);
    for (const capture of [xdp, ingress, egress]) {
      const { packets, summary } = await capture.finish();
      expect(packets.map(({ hex }) => hex)).toEqual(expected);
      expect(summary.packets).toMatchObject({ seen: mixture.length, matched: expected.length });
    }
  });

  test("and by filter options has what both let through", async () => {
    await using network = await TestNetwork.create();
    const options = ["-i", "v0", "-s", "0", "--tcp-flags", "syn,!ack"];
    const [xdp, tc] = await Promise.all([
      startFileCapture(network, [...options, "--hook", "xdp-native", "ip6", "or", "len > 70"]),
      startFileCapture(network, [...options, "--hook", "tc", "ip6", "or", "len > 70"]),
    ]);
    await network.sendFrames(mixture);
    const captured = await Promise.all([xdp.finish(), tc.finish()]);
    const syns = captured[0].packets.map(({ hex }) => Buffer.from(hex, "hex"));
    expect(syns.length).toBeGreaterThan(3);
    // All of them are in the selection of the expression; that they are SYNs, tshark's judgement elsewhere has shown.
    expect(await selected(syns, "ip6 or len > 70")).toEqual(hexOf(syns));
    expect(captured[1].packets.map(({ hex }) => hex)).toEqual(hexOf(syns));
  });

  /** Questions about every part of a frame whose tag or whose header is not with the rest of its bytes. */
  const questions = [
    "vlan 5 and (tcp port 80 or (vlan and vlan 6))",
    "ether[10:4] = 0x00018100 or ether[12:2] = 0x88a8",
    "ether[14:4] = 0x00050800 and ether[len - 1] = 0 and len > 100",
    "(arp or ip6) and not vlan",
    "ether[ether[15] + 9:2] = 5 and ether[ether[15] + 11:4] != 0 and ether[22:4] != 0",
  ];

  test("finds tags beside the frames, and headers in front of the data behind generic XDP", async () => {
    await using network = await TestNetwork.create();
    await network.addTaggingBridge();
    const inner = [
      ethernet({ payload: ipv4({ payload: tcp() }) }),
      ethernet({ payload: ipv4({ payload: tcp({ payload: zeros(100) }) }) }),
      ethernet({ payload: ipv6({ payload: udp() }) }),
      ethernet({ vlans: [{ id: 6 }], payload: ipv4({ payload: icmp() }) }),
      ethernet({ etherType: etherTypes.arp, payload: arp() }),
    ];
    const tagged = [etherTypes.customerTag, etherTypes.serviceTag].flatMap((protocol) =>
      inner.map((frame) => concatenate(frame.subarray(0, 12), u16(protocol), u16(5), frame.subarray(12))),
    );
    const frames = [...inner, ...tagged];
    const ask = async (end: "a" | "b", place: readonly string[]) =>
      Promise.all(questions.map((question) => startFileCapture(network, [...place, "-s", "0", question], { end })));
    const atEgress = await ask("a", ["-i", "v1", "-Q", "out"]);
    const atIngress = await ask("b", ["-i", "v0", "--hook", "tc"]);
    await network.sendFrames(frames, { device: "x0" });
    const expected = await Promise.all(questions.map((question) => selected(frames, question)));
    for (const chosen of expected) {
      expect(chosen.length).toBeGreaterThan(0);
      expect(chosen.length).toBeLessThan(frames.length);
    }
    const found = async (captures: typeof atEgress) =>
      Promise.all(captures.map(async (capture) => (await capture.finish()).packets.map(({ hex }) => hex)));
    expect(await found(atEgress)).toEqual(expected);
    expect(await found(atIngress)).toEqual(expected);

    // Behind a generic XDP program the kernel shows TC programs no Ethernet header.
    const generic = await startFileCapture(network, ["-i", "v0", "--hook", "xdp-generic", "len < 1"]);
    const behind = await ask("b", ["-i", "v0", "--hook", "tc"]);
    await network.sendFrames(frames, { device: "x0" });
    expect(await found(behind)).toEqual(expected);
    expect((await generic.finish()).summary.packets).toMatchObject({ seen: frames.length, matched: 0 });
  });

  test("reaches bytes that do not lie in a row", async () => {
    await using network = await TestNetwork.create({ mtu: 9000 });
    const frame = (last: number) =>
      ethernet({
        payload: ipv4({
          payload: tcp({ payload: Uint8Array.from({ length: 8900 }, (_, i) => (i === 8899 ? last : i & 0xff)) }),
        }),
      });
    const frames = [1, 2, 3].map(frame);
    const expression = "ether[8953] & 1 = 1 and ether[len - 2:2] != 0x0202 and tcp[8919] > 2";
    const captures = await Promise.all([
      startFileCapture(network, ["-i", "v0", "--hook", "xdp-native", "-s", "0", expression]),
      startFileCapture(network, ["-i", "v0", "--hook", "tc", "-s", "0", expression]),
      startFileCapture(network, ["-i", "v1", "-Q", "out", "-s", "0", expression], { end: "a" }),
    ]);
    await network.sendFrames(frames);
    const expected = await selected(frames, expression);
    expect(expected).toHaveLength(1);
    for (const capture of captures) expect((await capture.finish()).packets.map(({ hex }) => hex)).toEqual(expected);
  });

  test("of raw IP is compiled for raw IP", async () => {
    await using network = await TestNetwork.create();
    await network.addTun("a", "tun0");
    const capture = await startFileCapture(network, ["-i", "tun0", "-Q", "out", "udp", "dst", "port", "5300"], {
      end: "a",
    });
    const send = `const s = require("node:dgram").createSocket("udp4"); s.bind(() => { s.setBroadcast(true);
      const next = [5300, 5301, 5300]; const go = () => { const p = next.pop(); p ? s.send("x", p, "198.51.100.9", go) : s.close(); }; go(); });`;
    for (const words of ["address add 198.51.100.1/24 dev tun0", "route replace 198.51.100.0/24 dev tun0"]) {
      await network.exec("a", "ip", words.split(" "));
    }
    expect(await network.exec("a", process.execPath, ["-e", send])).toMatchObject({ code: 0 });
    const { packets, summary } = await capture.finish();
    expect(summary.interfaces).toMatchObject([{ hook: "tc", linkType: 101 }]);
    expect(packets).toHaveLength(2);
    expect(summary.packets.seen).toBeGreaterThanOrEqual(3);
  });
});
