import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { hexOf, ip, numberedFrames, startFileCapture, startTcpdump } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { knownMixture } from "../support/known-mixture.ts";
import { TestNetwork } from "../support/network.ts";
import { capinfos, readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const captureObject = fileURLToPath(new URL("../../dist/bpf/capture.bpf.o", import.meta.url));
const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "tcpdump", "tshark", "capinfos"),
];

describeWith(needed, "a capture from several interfaces", () => {
  test("has the packets of all in the order of their times", async () => {
    await using network = await TestNetwork.create();
    await ip(network, "b", `link add w0 type veth peer w1 netns ${network.namespaces.a}`);
    await ip(network, "b", "link set w0 up");
    await ip(network, "b", "link set lo up");
    await ip(network, "a", "link set w1 up");
    const words = ["-i", "v0", "-i", "w0", "-i", "lo", "--port", "80", "-s", "0"];
    const capture = await startFileCapture(network, words);
    const [first, second, third, fourth] = [0, 10, 20, 30].map((start) => numberedFrames(40).slice(start, start + 10));
    await network.sendFrames(first ?? []);
    await network.sendFrames(second ?? [], { device: "w1" });
    await network.sendFrames(third ?? [], { end: "b", device: "lo" });
    await network.sendFrames(fourth ?? []);
    const { path, exit, summary, packets } = await capture.finish();
    expect(exit.code).toBe(0);
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf(numberedFrames(40)));
    expect((await capinfos(path)).strictTimeOrder).toBe(true);
    expect(summary.interfaces).toMatchObject([
      { name: "v0", hook: "xdp-native" },
      { name: "w0", hook: "xdp-native" },
      { name: "lo", hook: "xdp-generic" },
    ]);
    expect(summary.packets).toMatchObject({ seen: 40, matched: 40, written: 40 });
    for (const name of ["v0", "w0", "lo"]) expect(exit.stderr).toMatch(new RegExp(`^listening on ${name} \\(xdp`, "m"));
  });

  test.each([
    ["by an alternative name", "uplink", ["v0"]],
    ["by a long alternative name", `uplink-${"x".repeat(100)}`, ["v0"]],
    ["by its number in -D", "2", ["v0"]],
    ["by a name that is a number", "7", ["7"]],
    ["as any", "any", ["lo", "v0", "7"]],
  ])("finds them %s", async (_case, name, found) => {
    await using network = await TestNetwork.create();
    await ip(network, "b", `link property add dev v0 altname uplink altname uplink-${"x".repeat(100)}`);
    await ip(network, "b", `link add 7 type veth peer w1 netns ${network.namespaces.a}`);
    for (const device of ["lo", "7"]) await ip(network, "b", `link set ${device} up`);
    await ip(network, "b", `link add down0 type veth peer down1 netns ${network.namespaces.a}`);
    const ringcap = startRingcap(["-i", name, "--duration", "0.1", "--json"], { prefix: network.commandIn("b") });
    const { interfaces } = await ringcap.json();
    expect((await ringcap.exit).code).toBe(0);
    expect(interfaces.map((captured) => captured.name)).toEqual(found);
    const list = await startRingcap(["-D"], { prefix: network.commandIn("b") }).exit;
    expect(list.stdout.toString()).toMatch(/^2\.v0 /m);
  });

  test("is refused in one pcap file when they differ in their link type, and leaves no file behind", async () => {
    await using network = await TestNetwork.create();
    await network.addTun("b", "tun5");
    const path = join(temporaryDirectory(), "mixed.pcap");
    const { exit } = startRingcap(["-i", "v0", "-i", "tun5", "-w", path], { prefix: network.commandIn("b") });
    expect(await exit).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--interface: .*one link type.*v0 is Ethernet, tun5 is Raw IP/),
    });
    expect(existsSync(path)).toBe(false);
  });
});

describeWith(needed, "a capture from an interface without link header", () => {
  const datagrams = `const send = (type, port, address) => new Promise((resolve) => {
    const socket = require("node:dgram").createSocket(type);
    socket.send("ringcap over " + type, port, address, () => socket.close(resolve));
  });
  (async () => {
    for (const port of [5000, 5001]) {
      await send("udp4", port, "198.51.100.7");
      await send("udp6", port, "2001:db8:5::7");
    }
  })()`;

  test("has the IP packets as they are, of both IP versions", async () => {
    await using network = await TestNetwork.create();
    await network.addTun("b", "tun5");
    await network.exec("b", "sh", ["-c", "echo 0 > /proc/sys/net/ipv6/conf/tun5/disable_ipv6"]);
    await ip(network, "b", "address add 198.51.100.1/24 dev tun5");
    await ip(network, "b", "address add 2001:db8:5::1/64 dev tun5 nodad");
    const capture = await startFileCapture(network, ["-i", "tun5", "-Q", "out", "--port", "5000", "-s", "0"]);
    expect(await network.exec("b", process.execPath, ["-e", datagrams])).toMatchObject({ code: 0, stderr: "" });
    const { path, exit, summary, packets } = await capture.finish();
    expect(exit.code).toBe(0);
    expect(exit.stderr).toContain("listening on tun5 (tc, out), link-type RAW (Raw IP), snapshot length 262144 bytes");
    const payload = (text: string) => Buffer.from(text).toString("hex");
    expect(
      await tsharkFields(path, ["ip.dst", "ip.checksum.status", "ipv6.dst", "udp.dstport", "udp.payload"]),
    ).toEqual(
      [
        ["198.51.100.7", "1", "", "5000", payload("ringcap over udp4")],
        ["", "", "2001:db8:5::7", "5000", payload("ringcap over udp6")],
      ].map(([ip4, checksum, ip6, port, data]) => {
        return {
          "ip.dst": ip4,
          "ip.checksum.status": checksum,
          "ipv6.dst": ip6,
          "udp.dstport": port,
          "udp.payload": data,
        };
      }),
    );
    expect(packets.map(({ originalLength }) => originalLength)).toEqual([20 + 8 + 17, 40 + 8 + 17]);
    expect(summary.interfaces).toEqual([{ name: "tun5", hook: "tc", direction: "out", linkType: 101 }]);
    expect((await capinfos(path)).encapsulation).toBe("rawip");
    expect(await readableByAll(path)).toEqual([]);
  });
});

describeWith(needed, "the direction inout", () => {
  test("has what comes in and what goes out, and the lines say which", async () => {
    await using network = await TestNetwork.create();
    const [inwards, outwards] = [numberedFrames(3, 80), numberedFrames(3, 81)];
    const capture = await startFileCapture(network, ["-i", "v0", "-Q", "inout", "-s", "0"]);
    const lines = startRingcap(["-i", "v0", "-Q", "inout"], { prefix: network.commandIn("b") });
    await lines.listening();
    await network.sendFrames(inwards);
    await network.sendFrames(outwards, { end: "b" });
    const { summary, packets } = await capture.finish();
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf([...inwards, ...outwards]));
    expect(summary).toMatchObject({
      interfaces: [{ direction: "inout", hook: "tc" }],
      packets: { seen: 6, written: 6 },
    });
    lines.child.kill("SIGINT");
    const { stdout } = await lines.exit;
    const directions = [...stdout.toString().matchAll(/^\S+ v0 +(In|Out) +IP /gm)].map(([, direction]) => direction);
    expect(directions).toEqual(["In", "In", "In", "Out", "Out", "Out"]);
  });
});

describeWith(needed, "the direction inout of a loopback interface", () => {
  test("has each packet once, as tcpdump", async () => {
    await using network = await TestNetwork.create();
    await ip(network, "b", "link set lo up");
    const tcpdump = await startTcpdump(network, "b", ["-i", "lo", "-s", "0"]);
    const capture = await startFileCapture(network, ["-i", "lo", "-i", "v0", "-Q", "inout", "-s", "0"]);
    await network.sendFrames(numberedFrames(5), { end: "b", device: "lo" });
    const judged = await tcpdump.packets(5);
    await network.sendFrames(numberedFrames(3), { end: "b" });
    const { packets } = await capture.finish();
    expect(packets.map(({ hex }) => hex)).toEqual([...judged.map(({ hex }) => hex), ...hexOf(numberedFrames(3))]);
  });
});

describeWith(needed, "an interface whose XDP slot is taken", () => {
  test.each([
    ["native", "xdpdrv"],
    ["generic", "xdpgeneric"],
  ])("by a %s program is captured from at TC, which is said, with whole frames", async (mode, word) => {
    await using network = await TestNetwork.create();
    const mixture = knownMixture();
    // It lets every packet pass: what it captures has no ring to go to.
    await ip(network, "b", `link set dev v0 ${word} obj ${captureObject} sec xdp`);
    const capture = await startFileCapture(network, ["-i", "v0", "-s", "0"]);
    const cut = await startFileCapture(network, ["-i", "v0", "-s", "13"]);
    const refused = ["xdp", "xdp-native", "xdp-generic"].map((hook) =>
      startRingcap(["-i", "v0", "--hook", hook], { prefix: network.commandIn("b") }),
    );
    await network.sendFrames(mixture.map(({ frame }) => frame));
    const { exit, summary, packets } = await capture.finish();
    expect(exit.stderr).toMatch(
      new RegExp(`v0: XDP \\(${mode}\\) is taken by program \\d+ "capture_xdp"; capturing at tc\\n`),
    );
    expect(summary.interfaces).toMatchObject([{ hook: "tc" }]);
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf(mixture.map(({ frame }) => frame)));
    const { packets: short } = await cut.finish();
    expect(short.map(({ hex }) => hex)).toEqual(hexOf(mixture.map(({ frame }) => frame.subarray(0, 13))));
    for (const running of refused) {
      expect(await running.exit).toMatchObject({ code: 1, stderr: expect.stringMatching(/attach to v0 \(xdp-\w+\)/) });
    }
  });
});
