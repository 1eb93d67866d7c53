/** Packets of real sockets, whose checksums the kernel leaves to the interface. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ip, startFileCapture } from "../support/capturing.ts";
import { main, startRingcap } from "../support/cli.ts";
import { networkAddresses, TestNetwork } from "../support/network.ts";
import { type ReadPacket, readableByAll, readPcapWithEditcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "ethtool", "tshark"),
];
const PORT = 9999;
const GOOD = "1";

const server = `require("node:net").createServer((socket) => socket.resume()).listen(${PORT}, () => console.log("listening"))`;
/** Sends to each address as much by TCP as needs many segments, and a datagram. */
const client = (addresses: readonly string[]) => `
  const { connect } = require("node:net");
  const { createSocket } = require("node:dgram");
  for (const address of ${JSON.stringify(addresses)}) {
    connect(${PORT}, address).on("error", () => {}).end(Buffer.alloc(40_000, "ringcap"));
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.send(Buffer.alloc(333, "datagram"), 53, address, () => socket.close());
  }`;

async function sendBySockets(network: TestNetwork): Promise<void> {
  const listener = network.spawn("b", process.execPath, ["-e", server]);
  await once(listener.stdout, "data");
  const addresses = networkAddresses.b.map((address) => address.split("/")[0] ?? "");
  expect(await network.exec("a", process.execPath, ["-e", client(addresses)])).toMatchObject({ code: 0, stderr: "" });
  listener.kill();
}

/** tshark's verdict on each TCP and UDP packet of a file. */
async function checksumsOf(path: string): Promise<{ protocol: string; status: string; length: number }[]> {
  const fields = ["ip.version", "tcp.checksum.status", "udp.checksum.status", "frame.len"] as const;
  const packets = await tsharkFields(path, fields, { filter: "(tcp or udp) and not icmp and not icmpv6" });
  return packets.map((packet) => {
    const { "tcp.checksum.status": tcp, "udp.checksum.status": udp } = packet;
    const protocol = `${tcp === "" ? "udp" : "tcp"}${packet["ip.version"]}`;
    return { protocol, status: tcp + udp, length: Number(packet["frame.len"]) };
  });
}

/** Packets of several CPUs may come in another order in each capture. */
const sortedBytes = (packets: readonly ReadPacket[]) => packets.map(({ hex }) => hex).sort();
const protocolsIn = (packets: readonly { protocol: string }[]) =>
  [...new Set(packets.map(({ protocol }) => protocol))].sort();
const all = ["tcp4", "tcp6", "udp4", "udp6"];
const statusesIn = (packets: readonly { status: string }[]) => [...new Set(packets.map(({ status }) => status))];

describeWith(needed, "a capture of what goes out where the interface computes checksums", () => {
  test.each(["tc", "packet"])(
    "at %s has right ones with --checksum repair, and is as captured without",
    async (hook) => {
      await using network = await TestNetwork.create({ addresses: networkAddresses });
      const options = ["-i", "v1", "-Q", "out", "--hook", hook, "-s", "0"];
      const captures = await Promise.all([
        startFileCapture(network, [...options, "--checksum", "repair"], { end: "a" }),
        startFileCapture(network, options, { end: "a" }),
        startFileCapture(network, [...options, "--checksum", "none"], { end: "a" }),
      ]);
      await sendBySockets(network);
      const [repaired, plain, none] = await Promise.all(captures.map((capture) => capture.finish()));
      if (repaired === undefined || plain === undefined || none === undefined) throw new Error("a capture is missing");
      const packets = await checksumsOf(repaired.path);
      expect(protocolsIn(packets)).toEqual(all);
      expect(statusesIn(packets)).toEqual([GOOD]);
      expect(Math.max(...packets.map(({ length }) => length))).toBeGreaterThan(1514);
      expect(repaired.summary.checksums).toEqual({ completed: packets.length, cut: 0 });
      expect(statusesIn(await checksumsOf(plain.path))).not.toContain(GOOD);
      expect(sortedBytes(none.packets)).toEqual(sortedBytes(plain.packets));
      expect(plain.summary.checksums).toBeUndefined();
      expect(await readableByAll(repaired.path)).toEqual([]);

      const replayed = join(temporaryDirectory(), "replayed.pcap");
      execFileSync(process.execPath, [main, "replay", plain.path, "-q", "--checksum", "repair", "-w", replayed]);
      expect(sortedBytes(await readPcapWithEditcap(replayed))).toEqual(sortedBytes(repaired.packets));
    },
  );

  test.each(["tc", "packet"])("at %s has right ones of both directions and of several interfaces", async (hook) => {
    await using network = await TestNetwork.create({ addresses: networkAddresses });
    await ip(network, "a", "link set lo up");
    const options = ["-i", "v1", "-i", "lo", "-Q", "inout", "--hook", hook, "-s", "0", "--checksum", "repair"];
    const running = await startFileCapture(network, options, { end: "a" });
    await sendBySockets(network);
    const { path } = await running.finish();
    const packets = await checksumsOf(path);
    expect(protocolsIn(packets)).toEqual(all);
    expect(statusesIn(packets)).toEqual([GOOD]);
  });

  test("tells at the end of packets that were cut", async () => {
    await using network = await TestNetwork.create({ addresses: networkAddresses });
    const options = ["-i", "v1", "-Q", "out", "-s", "100", "--checksum", "repair"];
    const running = await startFileCapture(network, options, { end: "a" });
    await sendBySockets(network);
    const { path, summary, exit } = await running.finish();
    const cut = summary.checksums?.cut ?? 0;
    expect(cut).toBeGreaterThan(1);
    expect(exit.stderr).toContain(`ringcap: ${cut} packets were cut, and their checksums could not be completed: `);
    expect(exit.stderr).not.toContain("captured before checksums are computed");
    expect(exit.code).toBe(0);
    const whole = (await checksumsOf(path)).filter(({ length }) => length <= 100);
    expect(statusesIn(whole)).toEqual([GOOD]);
  });
});

describeWith(needed, "the note on packets that are captured before they are complete", () => {
  const said = /packets that go out at v1 are captured before checksums are computed and segments cut/;
  const noteOf = async (network: TestNetwork, words: readonly string[]) => {
    const options = ["-i", "v1", ...words, "--duration", "100ms", "-w", join(temporaryDirectory(), "capture.pcap")];
    const running = startRingcap(options, { prefix: network.commandIn("a") });
    const { stderr, code } = await running.exit;
    expect(code).toBe(0);
    return stderr.split("\n").filter((line) => said.test(line));
  };

  test("is said once where they can be, and not with -q", async () => {
    await using network = await TestNetwork.create();
    for (const way of ["out", "inout"]) {
      for (const hook of ["tc", "packet"]) {
        expect(await noteOf(network, ["-Q", way, "--hook", hook])).toHaveLength(1);
      }
    }
    expect(await noteOf(network, ["-Q", "in"])).toEqual([]);
    expect(await noteOf(network, ["-Q", "out", "-q"])).toEqual([]);
  });

  test("names what makes them complete", async () => {
    await using network = await TestNetwork.create({ addresses: networkAddresses });
    const [note = ""] = await noteOf(network, ["-Q", "out"]);
    const [, settings = ""] = /ethtool -K v1 (.*) and --hook packet/.exec(note) ?? [];
    expect(await network.exec("a", "ethtool", ["-K", "v1", ...settings.split(" ")])).toMatchObject({ code: 0 });
    expect(await noteOf(network, ["-Q", "out", "--hook", "packet"])).toEqual([]);
    const options = ["-i", "v1", "-Q", "out", "--hook", "packet", "-s", "0"];
    const running = await startFileCapture(network, options, { end: "a" });
    await sendBySockets(network);
    const packets = await checksumsOf((await running.finish()).path);
    expect(protocolsIn(packets)).toEqual(all);
    expect(statusesIn(packets)).toEqual([GOOD]);
    expect(Math.max(...packets.map(({ length }) => length))).toBeLessThanOrEqual(1514);
  });
});
