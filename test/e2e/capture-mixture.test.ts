import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { accountedFor, type Captured, type FileCapture, hexOf, startFileCapture } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { concatenate, ethernet, etherTypes, ipv4, tcp, u16, zeros } from "../support/frames.ts";
import { knownMixture } from "../support/known-mixture.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll, readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "tcpdump", "tshark", "capinfos"),
];
const synToPort80 = ["--port", "80", "--tcp-flags", "syn,!ack", "-s", "0"];

const mixture = knownMixture();
const frames = mixture.map(({ frame }) => frame);
const wanted = hexOf(mixture.filter((each) => each.wanted).map(({ frame }) => frame));

async function expectWanted(captured: Captured, hook: string, direction: string): Promise<void> {
  const { path, summary, exit, packets } = captured;
  expect(exit, exit.stderr).toMatchObject({ code: 0 });
  expect(packets.map(({ hex }) => hex)).toEqual(wanted);
  expect(packets.every(({ capturedLength, originalLength }) => capturedLength === originalLength)).toBe(true);
  expect(await readableByAll(path)).toEqual([]);
  expect(summary).toMatchObject({
    interfaces: [{ hook, direction, linkType: 1 }],
    packets: { seen: frames.length, matched: wanted.length, written: wanted.length, ringDropped: 0, overLimit: 0 },
    files: [path],
  });
  expect(accountedFor(summary)).toBe(summary.packets.matched);
  const information = await capinfos(path);
  expect(information).toMatchObject({ encapsulation: "ether", snapshotLength: 262_144, strictTimeOrder: true });
  expect(information.packets).toBe(wanted.length);
  expect(information.fileSize).toBe(summary.bytes.written);
}

describeWith(needed, "a capture of a known mixture", () => {
  test("holds exactly the wanted frames at native XDP, and at TC of both ends of the link", async () => {
    await using network = await TestNetwork.create();
    const before = BigInt(Date.now()) * 1_000_000n;
    const [native, ingress, egress] = await Promise.all([
      startFileCapture(network, ["-i", "v0", "--hook", "xdp-native", ...synToPort80]),
      startFileCapture(network, [
        ...["-i", "v0", "--hook", "tc", "-Q", "in", "--time-stamp-precision", "nano"],
        ...synToPort80,
      ]),
      startFileCapture(network, ["-i", "v1", "-Q", "out", ...synToPort80], { end: "a" }),
    ]);
    await network.sendFrames(frames);
    const captured = await Promise.all([native.finish(), ingress.finish(), egress.finish()]);
    const after = BigInt(Date.now()) * 1_000_000n;
    await expectWanted(captured[0], "xdp-native", "in");
    await expectWanted(captured[1], "tc", "in");
    await expectWanted(captured[2], "tc", "out");

    const digits = await Promise.all(captured.map(async ({ path }) => (await capinfos(path)).timestampDigits));
    expect(digits).toEqual([6, 9, 6]);
    const [atXdp, atIngress, atEgress] = captured.map(({ packets }) =>
      packets.map(({ timestampNanoseconds }) => timestampNanoseconds),
    );
    for (const [index] of wanted.entries()) {
      const [sent = 0n, received = 0n, stacked = 0n] = [atEgress?.[index], atXdp?.[index], atIngress?.[index]];
      // Each packet leaves, meets XDP, and then TC; microseconds are cut off.
      expect(sent).toBeLessThanOrEqual(received);
      expect(received).toBeLessThanOrEqual(stacked);
      expect(sent).toBeGreaterThan(before - 1_000_000n);
      expect(stacked).toBeLessThan(after + 1_000_000n);
    }
    expect(atIngress?.some((time) => time % 1000n !== 0n)).toBe(true);
  });

  test("holds exactly the wanted frames at generic XDP, and at TC behind it, in a file and through a pipe", async () => {
    await using network = await TestNetwork.create();
    const file = await startFileCapture(network, ["-i", "v0", "--hook", "xdp-generic", ...synToPort80]);
    // Behind a generic XDP program the kernel shows TC programs no Ethernet header.
    const piped = startRingcap(["-i", "v0", "--hook", "tc", "--json", "-w", "-", ...synToPort80], {
      prefix: network.commandIn("b"),
    });
    await piped.listening();
    await network.sendFrames(frames);
    await expectWanted(await file.finish(), "xdp-generic", "in");

    piped.child.kill("SIGINT");
    const exit = await piped.exit;
    const summary = await piped.json("stderr");
    const path = join(temporaryDirectory(), "piped.pcap");
    writeFileSync(path, exit.stdout);
    expect(exit.code).toBe(0);
    expect(summary.bytes.written).toBe(exit.stdout.length);
    expect(summary.packets).toMatchObject({ matched: wanted.length, written: wanted.length });
    expect((await readPcapWithEditcap(path)).map(({ hex }) => hex)).toEqual(wanted);
    expect(await readableByAll(path)).toEqual([]);
  });
});

describeWith(needed, "a capture of frames whose VLAN tag the kernel keeps beside them", () => {
  const inner = [
    ethernet({ payload: ipv4({ identification: 1, payload: tcp() }) }),
    ethernet({ payload: ipv4({ identification: 2, payload: tcp({ payload: zeros(1400) }) }) }),
    ethernet({ vlans: [{ id: 6 }], payload: ipv4({ identification: 3, payload: tcp() }) }),
    ethernet({ payload: ipv4({ identification: 4, payload: tcp({ destinationPort: 443 }) }) }),
  ];
  const tagged = (id: number, tagProtocol: number) =>
    inner.map((frame) => concatenate(frame.subarray(0, 12), u16(tagProtocol), u16(id), frame.subarray(12)));
  const customer = tagged(5, etherTypes.customerTag);
  const service = tagged(100, etherTypes.serviceTag);

  test("has the tag in its place, at TC on both ends of the link and by --vlan", async () => {
    await using network = await TestNetwork.create();
    await network.addTaggingBridge();
    const [egress, ingress, byVlan, cut, atXdp] = await Promise.all([
      startFileCapture(network, ["-i", "v1", "-Q", "out", "--port", "80", "-s", "0"], { end: "a" }),
      startFileCapture(network, ["-i", "v0", "--hook", "tc", "--port", "80", "-s", "0"]),
      startFileCapture(network, ["-i", "v0", "--vlan", "5", "-s", "0"]),
      startFileCapture(network, ["-i", "v0", "--hook", "tc", "-s", "15", "--vlan", "100"]),
      startFileCapture(network, ["-i", "v0", "--hook", "xdp-generic", "-s", "0"]),
    ]);
    await network.sendFrames([...customer, ...service], { device: "x0" });
    const hexIn = async (capture: FileCapture) => (await capture.finish()).packets.map(({ hex }) => hex);

    const toPort80 = hexOf([...customer.slice(0, 3), ...service.slice(0, 3)]);
    expect(await hexIn(egress)).toEqual(toPort80);
    expect(await hexIn(ingress)).toEqual(toPort80);
    const { packets, summary } = await byVlan.finish();
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf(customer));
    expect(summary.interfaces).toMatchObject([{ hook: "tc" }]);
    const { packets: short } = await cut.finish();
    expect(short.map(({ hex }) => hex)).toEqual(hexOf(service.map((frame) => frame.subarray(0, 15))));
    expect(short.map(({ originalLength }) => originalLength)).toEqual(service.map(({ length }) => length));
    // XDP is not shown such tags: that they were beside the frames, and what --vlan avoids.
    expect(await hexIn(atXdp)).toEqual(hexOf([...inner, ...inner]));
  });
});
