import { once } from "node:events";
import { expect, test } from "vitest";
import { accountedFor, hexOf, startFileCapture, startTcpdump } from "../support/capturing.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { networkAddresses, TestNetwork } from "../support/network.ts";
import { readableByAll } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "tcpdump", "tshark", "capinfos", "taskset"),
];

/** A frame of a length, no byte of which is like its neighbours. */
function frameOf(length: number, destinationPort = 80): Uint8Array {
  const payload = Uint8Array.from({ length: length - 54 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
  return ethernet({ payload: ipv4({ payload: tcp({ payload, destinationPort }) }) });
}

describeWith(needed, "a capture of frames longer than a page", () => {
  test.each([
    ["of 9000 bytes", 9000, [1514, 3500, 4096, 4097, 8192, 9014]],
    ["of 65535 bytes", 65_535, [9014, 16_385, 32_768, 65_535, 65_536, 65_549]],
  ])("has them whole at every hook, with an MTU %s", async (_name, mtu, lengths) => {
    await using network = await TestNetwork.create({ mtu });
    const frames = lengths.map((length) => frameOf(length));
    const others = lengths.map((length) => frameOf(length, 443));
    const whole = ["-s", "0", "--port", "80"];
    const captures = await Promise.all([
      startFileCapture(network, ["-i", "v0", "--hook", "xdp-native", ...whole]),
      startFileCapture(network, ["-i", "v0", "--hook", "tc", ...whole]),
      startFileCapture(network, ["-i", "v0", "--hook", "packet", ...whole]),
      startFileCapture(network, ["-i", "v1", "--hook", "packet", "-Q", "out", ...whole], { end: "a" }),
      startFileCapture(network, ["-i", "v1", "-Q", "out", ...whole], { end: "a" }),
    ]);
    await network.sendFrames([...frames, ...others]);
    const captured = await Promise.all(captures.map((capture) => capture.finish()));
    const generic = await startFileCapture(network, ["-i", "v0", "--hook", "xdp-generic", ...whole]);
    await network.sendFrames([...frames, ...others]);
    captured.push(await generic.finish());
    for (const { packets, summary, exit } of captured) {
      const hook = summary.interfaces[0]?.hook;
      expect({ hook, code: exit.code, frames: packets.map(({ hex }) => hex) }).toEqual({
        hook,
        code: 0,
        frames: hexOf(frames),
      });
      expect(packets.map(({ originalLength }) => originalLength)).toEqual(lengths);
      expect(accountedFor(summary)).toBe(summary.packets.matched);
    }
    const complaints = await Promise.all(captured.map(({ path }) => readableByAll(path)));
    expect(complaints.flat()).toEqual([]);
  });
});

describeWith(needed, "a capture of a TCP connection that leaves segmentation to the device", () => {
  const port = 9999;
  const bytes = 4_000_000;
  const server = `require("node:net").createServer((socket) => {
    let received = 0;
    socket.on("data", (chunk) => {
      received += chunk.length;
      if (received === ${bytes}) socket.destroy(), process.exit();
    });
  }).listen(${port}, () => console.log("listening"))`;
  const client = `require("node:net").connect(${port}, "192.0.2.12").end(Buffer.alloc(${bytes}, "ringcap"))`;

  test("has the packets before segmentation, as tcpdump has them", async () => {
    await using network = await TestNetwork.create({ addresses: networkAddresses });
    const tcpdump = await startTcpdump(network, "b", [
      ...["-i", "v0", "-B", "65536", "-s", "70000"],
      `tcp dst port ${port}`,
    ]);
    // On one CPU, so that no packet overtakes another between the places of capture.
    const pinned = ["-c", "0", process.execPath, "-e"];
    const listener = network.spawn("b", "taskset", [...pinned, server]);
    await once(listener.stdout, "data");
    const filter = ["-s", "0", "--dst-port", `${port}`];
    const captures = await Promise.all([
      startFileCapture(network, ["-i", "v0", "--hook", "xdp-generic", ...filter]),
      startFileCapture(network, ["-i", "v0", "--hook", "tc", ...filter]),
      startFileCapture(network, ["-i", "v0", "--hook", "packet", ...filter]),
      startFileCapture(network, ["-i", "v1", "-Q", "out", ...filter], { end: "a" }),
    ]);
    const listenerEnd = once(listener, "close");
    expect(await network.exec("a", "taskset", [...pinned, client])).toMatchObject({ code: 0, stderr: "" });
    await listenerEnd;
    const captured = await Promise.all(captures.map((capture) => capture.finish()));
    const seen = await tcpdump.packets(captured[0]?.packets.length ?? 0);
    const expected = seen.map(({ hex, originalLength }) => ({ hex, originalLength }));
    expect(Math.max(...expected.map(({ originalLength }) => originalLength))).toBeGreaterThan(60_000);
    for (const { packets, summary, exit } of captured) {
      expect(exit.code).toBe(0);
      expect(summary.packets).toMatchObject({ ringDropped: 0, written: packets.length });
      expect(packets.map(({ hex, originalLength }) => ({ hex, originalLength }))).toEqual(expected);
    }
  });
});
