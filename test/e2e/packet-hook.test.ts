import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Captured, expectAddsUp, hexOf, ip, numberedFrames, startFileCapture } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { concatenate, ethernet, etherTypes, ipv4, tcp, u16, udp, zeros } from "../support/frames.ts";
import { knownMixture } from "../support/known-mixture.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "setpriv", "tcpreplay", "tcpdump", "tshark", "capinfos", "editcap"),
];
const synToPort80 = ["--port", "80", "--tcp-flags", "syn,!ack"];

const mixture = knownMixture();
const frames = mixture.map(({ frame }) => frame);
const wanted = mixture.filter((each) => each.wanted).map(({ frame }) => frame);

const hexIn = ({ packets }: Captured) => packets.map(({ hex }) => hex);

describeWith(needed, "a capture at packet", () => {
  const options = ["--hook", "packet", "-s", "0"];

  test("cuts packets to every snapshot length, and matches what is cut off", async () => {
    await using network = await TestNetwork.create();
    const lengths = [1, 14, 15, 60, 128, 1500];
    const captures = await Promise.all(
      lengths.map((length) =>
        startFileCapture(network, ["-i", "v0", "--hook", "packet", ...synToPort80, "-s", `${length}`]),
      ),
    );
    await network.sendFrames(frames);
    for (const [index, capture] of captures.entries()) {
      const captured = await capture.finish();
      expect(hexIn(captured)).toEqual(hexOf(wanted.map((frame) => frame.subarray(0, lengths[index]))));
      expect(captured.packets.map(({ originalLength }) => originalLength)).toEqual(wanted.map(({ length }) => length));
      expectAddsUp(captured.summary);
    }
  });

  test("has each way for itself, and both in the order of their times", async () => {
    await using network = await TestNetwork.create();
    const [incoming, outgoing, both, quick] = await Promise.all([
      startFileCapture(network, ["-i", "v0", ...options, "-Q", "in", "--time-stamp-precision", "nano"]),
      startFileCapture(network, ["-i", "v0", ...options, "-Q", "out"]),
      startFileCapture(network, ["-i", "v0", ...options, "-Q", "inout"]),
      startFileCapture(network, ["-i", "v0", ...options, "-Q", "inout", "-U"]),
    ]);
    const [toB, toA] = [numberedFrames(40, 80), numberedFrames(40, 443)];
    const before = BigInt(Date.now()) * 1_000_000n;
    const sent: Uint8Array[] = [];
    for (let index = 0; index < 4; index++) {
      const [there, back] = [toB, toA].map((all) => all.slice(index * 10, index * 10 + 10)) as [
        Uint8Array[],
        Uint8Array[],
      ];
      await network.sendFrames(there);
      await network.sendFrames(back, { end: "b" });
      sent.push(...there, ...back);
    }
    const after = BigInt(Date.now()) * 1_000_000n;
    const into = await incoming.finish();
    expect(hexIn(into)).toEqual(hexOf(toB));
    for (const { timestampNanoseconds } of into.packets) {
      expect(timestampNanoseconds).toBeGreaterThan(before - 1_000_000n);
      expect(timestampNanoseconds).toBeLessThan(after + 1_000_000n);
    }
    expect(into.packets.some(({ timestampNanoseconds }) => timestampNanoseconds % 1000n !== 0n)).toBe(true);
    expect(hexIn(await outgoing.finish())).toEqual(hexOf(toA));
    for (const capture of [both, quick]) {
      const captured = await capture.finish();
      expect(hexIn(captured)).toEqual(hexOf(sent));
      expect(captured.summary.packets).toMatchObject({ seen: 80, matched: 80, written: 80 });
      expect((await capinfos(captured.path)).strictTimeOrder).toBe(true);
    }
  });

  test("has each packet of the loopback interface once, whatever the direction", async () => {
    await using network = await TestNetwork.create();
    await ip(network, "b", "link set lo up");
    const captures = await Promise.all(
      ["in", "out", "inout"].map((direction) =>
        startFileCapture(network, ["-i", "lo", ...options, "-Q", direction, "--proto", "udp"]),
      ),
    );
    const socket = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)";
    const sender = `${socket}; [s.sendto(b'%d' % i, ('127.0.0.1', 9)) for i in range(5)]`;
    expect((await network.exec("b", "python3", ["-c", sender])).code).toBe(0);
    for (const capture of captures) {
      const { summary } = await capture.finish();
      expect(summary.packets).toMatchObject({ matched: 5, written: 5 });
    }
  });

  test("takes several interfaces, and says which a packet is of", async () => {
    await using network = await TestNetwork.create();
    await ip(network, "b", `link add w0 type veth peer name w1 netns ${network.namespaces.a}`);
    await ip(network, "b", "link set w0 arp off up");
    await ip(network, "a", "link set w1 arp off up");
    const prefix = network.commandIn("b");
    const lines = startRingcap(["-i", "v0", "-i", "w0", "--hook", "packet", "-c", "4"], { prefix });
    await lines.waitForStderr(/^listening on w0 \(packet, in\)/m);
    const [first, second, third, fourth] = numberedFrames(4) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    await network.sendFrames([first, second]);
    await network.sendFrames([third, fourth], { device: "w1" });
    const { code, stdout, stderr } = await lines.exit;
    expect(code, stderr).toBe(0);
    const shown = stdout.toString().trimEnd().split("\n");
    expect(shown.map((line) => / (v0|w0) /.exec(line)?.[1])).toEqual(["v0", "v0", "w0", "w0"]);
  });

  test.each([
    ["in time", []],
    ["with -U", ["-U"]],
  ])("shows the one packet of a quiet interface %s, before anything ends it", async (_case, words) => {
    await using network = await TestNetwork.create();
    const { path, running } = await startFileCapture(network, ["-i", "v0", ...options, ...words]);
    const [frame] = numberedFrames(1) as [Uint8Array];
    await network.sendFrames([frame]);
    await expect.poll(() => statSync(path).size).toBe(24 + 16 + frame.length);
    expect(running.child.exitCode).toBeNull();
  });

  test("writes to a pipe what it writes to a file", async () => {
    await using network = await TestNetwork.create();
    const prefix = network.commandIn("b");
    const piped = startRingcap(["-i", "v0", ...options, ...synToPort80, "-w", "-", "--json"], { prefix });
    await piped.listening();
    await network.sendFrames(frames);
    piped.child.kill("SIGINT");
    const { code, stdout } = await piped.exit;
    const path = join(temporaryDirectory(), "piped.pcap");
    writeFileSync(path, stdout);
    expect(code).toBe(0);
    expect((await readPcapWithEditcap(path)).map(({ hex }) => hex)).toEqual(hexOf(wanted));
    expectAddsUp(await piped.json("stderr"));
  });

  test.each([
    ["with a loop", "ip6 protochain 6", []],
    [
      "that is too long for the kernel with the filter options",
      ["192.0.2.1", ...Array.from({ length: 990 }, (_, index) => `10.${index >> 8}.${index & 255}.1`)]
        .map((host) => `host ${host}`)
        .join(" or "),
      [
        ...["--host", ["192.0.2.0/24", ...Array.from({ length: 63 }, (_, index) => `10.9.${index}.1`)].join()],
        ...["--port", Array.from({ length: 64 }, (_, index) => 80 + 2 * index).join()],
        ...["--proto", Array.from({ length: 64 }, (_, index) => index).join()],
      ],
    ],
  ])("has of an expression %s what TC has", async (_case, expression, filter) => {
    await using network = await TestNetwork.create();
    const [packet, tc] = await Promise.all([
      startFileCapture(network, ["-i", "v0", ...options, "-v", ...filter, expression]),
      startFileCapture(network, ["-i", "v0", "--hook", "tc", "-s", "0", ...filter, expression]),
    ]);
    await network.sendFrames(frames);
    const captured = await packet.finish();
    const atTc = hexIn(await tc.finish());
    expect(atTc.length).toBeGreaterThan(0);
    expect(hexIn(captured)).toEqual(atTc);
    expectAddsUp(captured.summary);
    const toHost = /^ringcap: the expression is not for the kernel .*: the host has it$/m;
    if (filter.length > 0) expect(captured.exit.stderr).toMatch(toHost);
  });

  test("ends after the wanted count, and says what came too many", async () => {
    await using network = await TestNetwork.create();
    const capture = await startFileCapture(network, ["-i", "v0", ...options, "-c", "7"]);
    await network.sendFrames(numberedFrames(20));
    const captured = await capture.ended();
    expect(hexIn(captured)).toEqual(hexOf(numberedFrames(7)));
    expect(captured.summary.packets.written).toBe(7);
    expectAddsUp(captured.summary);
  });

  test("makes an expression and the filter options agree, and puts VLAN tags back", async () => {
    await using network = await TestNetwork.create();
    await network.addTaggingBridge();
    const inner = [
      ethernet({ payload: ipv4({ identification: 1, payload: tcp({ payload: zeros(100) }) }) }),
      ethernet({ payload: ipv4({ identification: 2, payload: tcp() }) }),
      ethernet({ payload: ipv4({ identification: 3, payload: udp() }) }),
      ethernet({ vlans: [{ id: 6 }], payload: ipv4({ identification: 4, payload: tcp({ payload: zeros(100) }) }) }),
    ];
    const tagged = inner.map((frame) =>
      concatenate(frame.subarray(0, 12), u16(etherTypes.customerTag), u16(5), frame.subarray(12)),
    );
    const [byPort, byBoth, byVlan, byExpression, blind, blindAtTc] = await Promise.all([
      startFileCapture(network, ["-i", "v0", ...options, "--proto", "tcp"]),
      startFileCapture(network, ["-i", "v0", ...options, "--proto", "tcp", "greater", "120"]),
      startFileCapture(network, ["-i", "v0", "--hook", "packet", "--vlan", "5", "-s", "20"]),
      startFileCapture(network, ["-i", "v0", ...options, "vlan 5 and udp"]),
      startFileCapture(network, ["-i", "v0", ...options, "tcp or vlan 6"]),
      startFileCapture(network, ["-i", "v0", "--hook", "tc", "-s", "0", "tcp or vlan 6"]),
    ]);
    await network.sendFrames(tagged, { device: "x0" });
    const [first, second, third, fourth] = tagged as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    expect(hexIn(await byPort.finish())).toEqual(hexOf([first, second, fourth]));
    expect(hexIn(await byBoth.finish())).toEqual(hexOf([first, fourth]));
    expect(hexIn(await byVlan.finish())).toEqual(hexOf(tagged.map((frame) => frame.subarray(0, 20))));
    expect(hexIn(await byExpression.finish())).toEqual(hexOf([third]));
    // An expression means the frame as it is on the wire, at every hook.
    const sentPlain = ethernet({ payload: ipv4({ identification: 9, payload: tcp() }) });
    await network.sendFrames([sentPlain], { device: "x0" });
    expect(hexIn(await blindAtTc.finish())).toEqual(hexOf([sentPlain]));
    expect(hexIn(await blind.finish())).toEqual(hexOf([sentPlain]));
  });
});
