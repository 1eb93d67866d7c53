/** What a capture says of its packets in a pcapng file, as tshark and capinfos show it. */
import { spawn } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCapture } from "../../src/pcap-parser/index.ts";
import { expectAddsUp, hexOf, ip, numberedFrames, startFileCapture } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { floodWith } from "../support/flood.ts";
import { ethernet, ipv4, udp } from "../support/frames.ts";
import { namedPipe, outputTo, stalledReader } from "../support/named-pipe.ts";
import { networkAddresses, TestNetwork } from "../support/network.ts";
import { readPcapWithEditcap, writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { peersIn } from "../support/tcp-peers.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const needed = [
  requirements.root,
  requirements.bpf,
  requirements.namespaces,
  requirements.tools("ip", "tcpreplay", "tcpdump", "tshark", "capinfos", "taskset", "mkfifo", "nsenter", "gcc"),
];
const FIELDS = [
  "frame.packet_flags_direction",
  "frame.interface_queue",
  "frame.drop_count",
  "frame.verdict.ebpf_xdp",
  "frame.verdict.ebpf_tc",
  "frame.comment",
  "frame.interface_name",
  "frame.interface_description",
  "frame.encap_type",
] as const;
const ETHERNET = "1";
const RAW_IP = "7";
const FROM_OUTSIDE = {
  "frame.packet_flags_direction": "0x00000001",
  "frame.interface_queue": "0",
  "frame.drop_count": "",
  "frame.verdict.ebpf_xdp": "",
  "frame.verdict.ebpf_tc": "",
  "frame.comment": "",
  "frame.interface_name": "v0",
  "frame.interface_description": "xdp-native in",
  "frame.encap_type": ETHERNET,
};

const file = () => join(temporaryDirectory(), "capture.pcapng");

/** The statistics of each interface: a file has one block for each. */
async function statisticsOf(path: string) {
  const found: Record<string, unknown>[] = [];
  for await (const batch of await openCapture(path)) {
    for (const block of batch.blocks) {
      if (block.kind !== "interface-statistics") continue;
      found.push({
        interface: block.interfaceId,
        received: block.received,
        accepted: block.acceptedByFilter,
        osDropped: block.droppedBySystem,
        delivered: block.deliveredToUser,
        interfaceDropped: block.dropped,
      });
    }
  }
  return found;
}

describeWith(needed, "a capture in pcapng", () => {
  test("says of each packet which way it went, and of the file who wrote it and why", async () => {
    await using network = await TestNetwork.create();
    const words = ["-i", "v0", "--comment", "what the \u00fcser says", "--port", "80,81", "-s", "60", "tcp"];
    const capture = await startFileCapture(network, words, { file: file() });
    await network.sendFrames(numberedFrames(3));
    await network.sendFrames(numberedFrames(2, 82));
    const { path, exit, packets, summary } = await capture.finish();
    expect(exit.code, exit.stderr).toBe(0);
    expect(packets.map(({ hex }) => hex)).toEqual(hexOf(numberedFrames(3)));
    expect(await tsharkFields(path, FIELDS)).toEqual([FROM_OUTSIDE, FROM_OUTSIDE, FROM_OUTSIDE]);
    const { stdout } = await runOrFail("capinfos", [path]);
    for (const line of [
      /Capture comment: +what the \u00fcser says\n/,
      /Capture application: ringcap \d/,
      /Capture oper-sys: +Linux /,
      /File timestamp precision: +nanoseconds \(9\)\n/,
      /Name = v0\n +Description = xdp-native in\n +Encapsulation = Ethernet/,
      /Hardware = veth\n +Speed = 10000000000\n +Capture length = 60\n/,
      /Filter string = --port 80,81 tcp\n/,
      /Number of stat entries = 1\n +Number of packets = 3\n/,
    ]) {
      expect(stdout).toMatch(line);
    }
    expect(summary.packets).toMatchObject({ seen: 5, matched: 3, written: 3 });
    expect(await statisticsOf(path)).toEqual([
      { interface: 0, received: 5n, accepted: 3n, osDropped: 0n, delivered: 3n, interfaceDropped: 0n },
    ]);
  });

  test.each([
    ["xdp", "frame.verdict.ebpf_xdp", "1"],
    ["tc", "frame.verdict.ebpf_tc", "2"],
  ] as const)("says at %s of packets that it dropped what became of them", async (hook, field, verdict) => {
    await using network = await TestNetwork.create();
    const words = ["-i", "v0", "--hook", hook, "--action", "drop", "--port", "80"];
    const capture = await startFileCapture(network, words, { file: file() });
    await network.sendFrames(numberedFrames(2));
    const { path } = await capture.finish();
    expect((await tsharkFields(path, [field])).map((packet) => packet[field])).toEqual([verdict, verdict]);
  });

  test("has interfaces of several link types and both directions in one file, and counts each apart", async () => {
    await using network = await TestNetwork.create({ addresses: networkAddresses });
    await network.addTun("b", "t0");
    await ip(network, "b", "address add 198.51.100.1/24 dev t0");
    const path = file();
    const words = ["-i", "v0", "-i", "t0", "-Q", "inout", "--port", "80", "--json", "-w", path];
    const ringcap = startRingcap(words, { prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames(numberedFrames(3));
    await network.sendFrames(numberedFrames(2), { end: "b", device: "v0" });
    const send = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('198.51.100.9', 80))";
    expect((await network.exec("b", "python3", ["-c", send])).code).toBe(0);
    ringcap.child.kill("SIGINT");
    const { code, stderr } = await ringcap.exit;
    expect(code, stderr).toBe(0);
    const summary = await ringcap.json();
    const [name, way, type] = ["frame.interface_name", "frame.packet_flags_direction", "frame.encap_type"] as const;
    const packets = (await tsharkFields(path, [name, way, type])).map((packet) => [
      packet[name],
      packet[way],
      packet[type],
    ]);
    expect(packets.filter(([from]) => from === "v0").slice(0, 5)).toEqual([
      ...Array(3).fill(["v0", "0x00000001", ETHERNET]),
      ...Array(2).fill(["v0", "0x00000002", ETHERNET]),
    ]);
    expect(packets.filter(([from]) => from === "t0")).toEqual([["t0", "0x00000002", RAW_IP]]);
    const statistics = await statisticsOf(path);
    expect(statistics).toMatchObject([{ interface: 0 }, { interface: 1, received: 1n, accepted: 1n, delivered: 1n }]);
    const sum = (field: string) => statistics.reduce((total, one) => total + Number(one[field]), 0);
    expect(sum("received")).toBe(summary.packets.seen);
    expect(sum("accepted")).toBe(summary.packets.matched);
    expect(sum("delivered")).toBe(summary.packets.written);
  });

  test("names the process of each packet that has one", async () => {
    await using network = await TestNetwork.create({ addresses: networkAddresses });
    const peers = await peersIn(network);
    onTestFinished(() => peers.dispose());
    const prefix = ["nsenter", `--net=/run/netns/${network.namespaces.b}`];
    const path = file();
    const ringcap = startRingcap(["-i", "v0", "-Q", "inout", "--process", "--port", "8080", "-w", path], { prefix });
    await ringcap.listening();
    const to = await peers.start("b", "the-server", 4242);
    await to.run("bind 192.0.2.12 8080");
    const from = await peers.start("a", "the-client", 4243);
    await from.run("send-to 192.0.2.12 8080");
    await to.run("answer");
    ringcap.child.kill("SIGINT");
    const { code, stderr } = await ringcap.exit;
    expect(code, stderr).toBe(0);
    const fields = await tsharkFields(path, ["frame.comment", "frame.packet_flags_direction"]);
    const owner = `pid ${to.pid} uid 4242 ${to.comm}`;
    expect(fields).toEqual([
      { "frame.comment": owner, "frame.packet_flags_direction": "0x00000001" },
      { "frame.comment": owner, "frame.packet_flags_direction": "0x00000002" },
    ]);
  });

  test("goes on in other files, each with its own statistics, which add up", async () => {
    await using network = await TestNetwork.create();
    await ip(network, "b", `link add w0 type veth peer w1 netns ${network.namespaces.a}`);
    await ip(network, "b", "link set w0 up");
    await ip(network, "a", "link set w1 up");
    const words = ["-i", "v0", "-i", "w0", "--port", "80", "--rotate-packets", "4", "--json", "-w", file()];
    const ringcap = startRingcap(words, { prefix: network.commandIn("b") });
    await ringcap.listening();
    const frames = numberedFrames(14);
    await network.sendFrames(frames.slice(0, 5));
    await network.sendFrames(frames.slice(5, 11), { device: "w1" });
    await network.sendFrames(frames.slice(11));
    ringcap.child.kill("SIGINT");
    const { code, stderr } = await ringcap.exit;
    expect(code, stderr).toBe(0);
    const { files } = await ringcap.json();
    const rows = await Promise.all(
      files.map(async (name) => ({
        names: (await tsharkFields(name, ["frame.interface_name"])).map((packet) => packet["frame.interface_name"]),
        statistics: await statisticsOf(name),
      })),
    );
    const names = rows.flatMap((row) => row.names);
    expect(names).toEqual([...Array(5).fill("v0"), ...Array(6).fill("w0"), ...Array(3).fill("v0")]);
    expect(rows.map((row) => row.names.length)).toEqual([4, 4, 4, 2]);
    for (const row of rows) {
      const delivered = ["v0", "w0"].map((name) => BigInt(row.names.filter((one) => one === name).length));
      expect(row.statistics.map((one) => one.delivered)).toEqual(delivered);
    }
    const sum = (field: string, id: number) =>
      rows.reduce((total, { statistics }) => total + Number(statistics[id]?.[field]), 0);
    expect([sum("received", 0), sum("accepted", 0), sum("delivered", 0)]).toEqual([8, 8, 8]);
    expect([sum("received", 1), sum("accepted", 1), sum("delivered", 1)]).toEqual([6, 6, 6]);
  });

  test("goes to standard output, with times in microseconds where they are asked for", async () => {
    await using network = await TestNetwork.create();
    const words = ["-i", "v0", "-w", "-", "--format", "pcapng", "--time-stamp-precision", "micro", "-c", "2"];
    const ringcap = startRingcap(words, { prefix: network.commandIn("b") });
    await ringcap.listening();
    await network.sendFrames(numberedFrames(2));
    const { code, stdout, stderr } = await ringcap.exit;
    expect(code, stderr).toBe(0);
    const path = file();
    writeFileSync(path, stdout);
    const now = Date.now() / 1000;
    const packets = await tsharkFields(path, ["frame.time_epoch"]);
    expect(packets).toHaveLength(2);
    for (const { "frame.time_epoch": time } of packets) {
      expect(time).toMatch(/^\d+\.\d{6}000$/);
      expect(Math.abs(Number(time) - now)).toBeLessThan(600);
    }
  });

  test("without BPF says which way packets went, and counts them", async () => {
    await using network = await TestNetwork.create();
    const capture = await startFileCapture(network, ["-i", "v0", "--hook", "packet", "--port", "80"], { file: file() });
    await network.sendFrames(numberedFrames(3));
    const { path, exit } = await capture.finish();
    expect(exit.code, exit.stderr).toBe(0);
    const expected = { ...FROM_OUTSIDE, "frame.interface_queue": "", "frame.interface_description": "packet in" };
    expect(await tsharkFields(path, FIELDS)).toEqual([expected, expected, expected]);
    expect(await statisticsOf(path)).toMatchObject([{ received: 3n, accepted: 3n, osDropped: 0n, delivered: 3n }]);
  });

  test("tells at the packet after a gap how many were lost: all of them, once each CPU has had a packet again", async () => {
    await using network = await TestNetwork.create();
    const pipe = namedPipe();
    const release = stalledReader(pipe);
    const prefix = [...network.commandIn("b"), ...outputTo(pipe)];
    const ringcap = startRingcap(["-i", "v0", "-B", "1", "-w", "-", "--format", "pcapng", "--json"], { prefix });
    await ringcap.listening();
    await floodWith(network, 400_000);
    const path = file();
    const reader = spawn("cat", [pipe], { stdio: ["ignore", openSync(path, "w"), "inherit"] });
    const readerEnded = new Promise((resolve) => reader.once("close", resolve));
    for (const cpu of await cpusOf(network)) {
      const marker = Buffer.from(`after the gap on ${cpu}`);
      const frames = join(temporaryDirectory(), "marker.pcap");
      writePcap(frames, [{ data: ethernet({ payload: ipv4({ payload: udp({ payload: marker }) }) }) }]);
      await expect
        .poll(async () => {
          await network.exec("a", "taskset", ["-c", cpu, "tcpreplay", "--intf1=v1", frames]);
          return readFileSync(path).includes(marker);
        })
        .toBe(true);
    }
    ringcap.child.kill("SIGINT");
    const { code } = await ringcap.exit;
    release();
    await readerEnded;
    const summary = await ringcap.json("stderr");
    expectAddsUp(summary);
    expect(code).toBe(1);
    const { seen, matched, written, ringDropped } = summary.packets;
    expect(ringDropped).toBeGreaterThan(10_000);
    expect(await statisticsOf(path)).toMatchObject([
      { received: BigInt(seen), accepted: BigInt(matched), osDropped: BigInt(ringDropped), delivered: BigInt(written) },
    ]);
    const drops = await tsharkFields(path, ["frame.drop_count"]);
    expect(drops).toHaveLength(written);
    expect(drops.reduce((sum, packet) => sum + Number(packet["frame.drop_count"]), 0)).toBe(ringDropped);
    expect(await readPcapWithEditcap(path)).toHaveLength(written);
  });
});

/** The CPUs that may run what is started in the namespace. */
async function cpusOf(network: TestNetwork): Promise<string[]> {
  const { stdout } = await network.exec("a", "nproc");
  return Array.from({ length: Number(stdout) }, (_, cpu) => `${cpu}`);
}
