/** `ringcap send` over a veth: what arrives is judged byte for byte on the other end. */
import { once } from "node:events";
import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { SendReport } from "../../src/send/index.ts";
import { hexOf, startFileCapture, startTcpdump } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { arrived, takeFloods } from "../support/flood.ts";
import {
  destinationOptions,
  ethernet,
  fragment,
  icmp6,
  ipv4,
  ipv6,
  part,
  protocols,
  raw,
  sender,
  tcp,
  u16,
  udp,
} from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { type FixturePacket, writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const needed = [requirements.root, requirements.bpf, requirements.namespaces, requirements.tools("tcpdump", "tshark")];

/** Different frames, numbered, of lengths from 60 to 1514 bytes in no order. */
function numbered(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const payload = new Uint8Array(6 + ((index * 37) % 1455));
    new DataView(payload.buffer).setUint32(0, index);
    return ethernet({ payload: ipv4({ payload: tcp({ destinationPort: 80, payload }) }) });
  });
}

function fileOf(frames: readonly Uint8Array[], options: Partial<FixturePacket> = {}, linkType = 1): string {
  const path = join(temporaryDirectory(), "frames.pcap");
  writePcap(
    path,
    frames.map((data) => ({ data, ...options })),
    linkType,
  );
  return path;
}

async function network(options: Parameters<typeof TestNetwork.create>[0] = {}): Promise<TestNetwork> {
  const created = await TestNetwork.create(options);
  onTestFinished(() => created.destroy());
  return created;
}

function startSend(in_: TestNetwork, file: string, ...options: readonly string[]) {
  return startRingcap(["send", file, "-i", in_.sender, ...options], { prefix: in_.commandIn("a") });
}

/** Runs it to its end. */
async function send(in_: TestNetwork, file: string, ...options: readonly string[]) {
  const running = startSend(in_, file, "--json", ...options);
  const report = await running.json<SendReport>();
  const { code, stderr } = await running.exit;
  return { code, stderr, report };
}

const engines = [["xdp"], ["socket"]] as const;

describeWith(needed, "ringcap send", () => {
  const frames = numbered(500);
  const hex = hexOf(frames);
  /** For the tests that change nothing of it. */
  let shared: TestNetwork;
  beforeAll(async () => {
    shared = await TestNetwork.create();
  });
  afterAll(() => shared.destroy());

  /** Its XDP program is what makes v0 take live frames, and sees them before the stack sorts them by flow. */
  const receive = (in_: TestNetwork) => startFileCapture(in_, ["-i", in_.receiver, "--hook", "xdp-native", "-s", "0"]);

  test.each(engines)("%s: all frames arrive byte for byte and in order, as often as the loop says", async (engine) => {
    const net = shared;
    const capture = await receive(net);
    const { code, report } = await send(net, fileOf(frames), "--topspeed", "--engine", engine, "--loop", "3");
    expect(report).toMatchObject({ version: 1, engine, frames: { sent: 1500, failed: 0, truncated: 0 }, errors: {} });
    expect(report.bytes.sent).toBe(3 * frames.reduce((sum, frame) => sum + frame.length, 0));
    expect(code).toBe(0);
    const { packets } = await capture.finish();
    expect(packets.map((packet) => packet.hex)).toEqual([...hex, ...hex, ...hex]);
  });

  test("several CPUs send every frame once, whatever their order", async () => {
    const net = shared;
    const capture = await receive(net);
    const { report } = await send(net, fileOf(frames), "--topspeed", "--cpus", "2", "--loop", "2");
    expect(report).toMatchObject({ cpus: 2, frames: { sent: 1000, failed: 0 } });
    const { packets } = await capture.finish();
    expect(packets.map((packet) => packet.hex).sort()).toEqual([...hex, ...hex].sort());
  });

  test("tcpdump sees what a packet socket sent, of a compressed file on standard input", async () => {
    const net = await network();
    const tcpdump = await startTcpdump(net, "b", ["-i", net.receiver]);
    const running = startSend(net, "-", "--pps", "5000");
    running.child.stdin.end(gzipSync(readFileSync(fileOf(frames.slice(0, 40)))));
    expect((await running.exit).code).toBe(0);
    const packets = await tcpdump.packets(40);
    expect(packets.map((packet) => packet.hex)).toEqual(hex.slice(0, 40));
  });

  test("a count ends it in the middle of a loop", async () => {
    const net = shared;
    const capture = await receive(net);
    for (const options of [["--topspeed"], ["--topspeed", "--engine", "socket"]]) {
      const { report } = await send(net, fileOf(frames), ...options, "--loop", "0", "--count", "750");
      expect(report.frames.sent).toBe(750);
    }
    const { packets } = await capture.finish();
    const expected = [...hex, ...hex.slice(0, 250)];
    expect(packets.map((packet) => packet.hex)).toEqual([...expected, ...expected]);
  });

  test.each([
    ["--pps 500", ["--pps", "500"], 2_000_000],
    ["--multiplier 2, of a file with gaps of 4 ms", ["--multiplier", "2"], 2_000_000],
  ])("%s: frames arrive at their times", async (_, options, interval) => {
    const net = shared;
    const capture = await receive(net);
    const path = join(temporaryDirectory(), "timed.pcap");
    writePcap(
      path,
      frames.slice(0, 100).map((data, index) => ({ data, timestamp: BigInt(index) * 4_000_000n })),
    );
    const { report } = await send(net, path, ...options);
    expect(report.engine).toBe("socket");
    const { packets } = await capture.finish();
    const times = packets.map(({ timestampNanoseconds }) => Number(timestampNanoseconds - 1_700_000_000_000_000_000n));
    expect(times).toHaveLength(100);
    // No frame is sent before its time. One that is late does not delay the others: some ten of them are in time.
    expect(report.seconds).toBeGreaterThanOrEqual((99 * interval) / 1e9);
    const tens = times.slice(10).map((time, index) => time - (times[index] ?? 0));
    expect(Math.min(...tens)).toBeLessThan(10 * 1.4 * interval);
  });

  test.each(engines)("%s: varied sources are many, and every checksum stays right", async (engine) => {
    const net = shared;
    const capture = await receive(net);
    const payload = [1, 2, 3];
    const udpSegment = udp({ destinationPort: 53, payload });
    const varied = [
      ethernet({ payload: ipv4({ payload: tcp({ destinationPort: 80, payload }) }) }),
      ethernet({ payload: ipv4({ payload: udpSegment }) }),
      ethernet({ payload: ipv6({ payload: tcp({ destinationPort: 80, payload }) }) }),
      ethernet({ payload: ipv6({ payload: udpSegment }) }),
      ethernet({ payload: ipv6({ payload: icmp6() }) }),
      ethernet({ vlans: [{ id: 5 }, { id: 6 }], payload: ipv4({ payload: tcp({ destinationPort: 80 }) }) }),
      ethernet({
        payload: ipv6({ extensions: Array.from({ length: 12 }, () => destinationOptions()), payload: udpSegment }),
      }),
    ];
    const file = fileOf(varied);
    const { report } = await send(
      net,
      file,
      "--topspeed",
      "--engine",
      engine,
      "--loop",
      "20",
      "--vary",
      "src-ip,src-port",
    );
    expect(report.frames).toMatchObject({ sent: 140, failed: 0 });
    const { path } = await capture.finish();
    const fields = ["ip.src", "ipv6.src", "tcp.srcport", "udp.srcport", "ip.checksum.status"] as const;
    const statuses = ["tcp.checksum.status", "udp.checksum.status", "icmpv6.checksum.status"] as const;
    const rows = await tsharkFields(path, [...fields, ...statuses]);
    expect(rows).toHaveLength(140);
    for (const row of rows) {
      expect(statuses.map((field) => row[field]).join("")).toBe("1");
      if (row["ip.src"] !== "") expect(row["ip.checksum.status"]).toBe("1");
    }
    expect(new Set(rows.map((row) => row["ip.src"] + row["ipv6.src"])).size).toBe(140);
    const ports = rows.map((row) => row["tcp.srcport"] + row["udp.srcport"]).filter((port) => port !== "");
    expect(new Set(ports).size).toBeGreaterThan(100);
  });

  test("a UDP checksum of 0 stays 0, and the fragments of a datagram keep one source", async () => {
    const net = shared;
    const capture = await receive(net);
    const datagram = udp({ destinationPort: 53, payload: new Uint8Array(64) });
    const unchecked = raw(protocols.udp, [...u16(49152), ...u16(53), ...u16(8), ...u16(0)]);
    const file = fileOf([
      ethernet({ payload: ipv4({ payload: unchecked }) }),
      ethernet({ payload: ipv4({ identification: 7, moreFragments: true, payload: part(datagram, 0, 40) }) }),
      ethernet({ payload: ipv4({ identification: 7, fragmentOffset: 40, payload: part(datagram, 40) }) }),
      ...[0, 40].map((offset) => {
        const extensions = [fragment({ identification: 9, offset, moreFragments: offset === 0 })];
        const payload = offset === 0 ? part(datagram, 0, 40) : part(datagram, 40);
        return ethernet({ payload: ipv6({ extensions, payload }) });
      }),
    ]);
    await send(net, file, "--topspeed", "--loop", "1", "--vary", "src-ip,src-port");
    const { path } = await capture.finish();
    const preferences = ["ip.defragment:TRUE", "ipv6.defragment:TRUE", "udp.check_checksum:TRUE"];
    const fields = ["ip.src", "ipv6.src", "udp.checksum", "udp.checksum.status"] as const;
    const rows = await tsharkFields(path, fields, { preferences });
    const sources = rows.map((row) => row["ip.src"] + row["ipv6.src"]);
    expect(sources).not.toContain(sender.ipv4);
    expect(rows[0]?.["udp.checksum"]).toBe("0x0000");
    for (const [first, last] of [
      [1, 2],
      [3, 4],
    ] as const) {
      expect(sources[first]).toBe(sources[last]);
      // The whole datagram is shown with its last fragment.
      expect(rows[last]?.["udp.checksum.status"]).toBe("1");
    }
  });

  test.each(engines)("%s: frames too short and too long are counted by cause, the others sent", async (engine) => {
    const net = await network({ mtu: 1000 });
    const capture = await receive(net);
    const mixed = [frames[0], new Uint8Array(13), new Uint8Array(1100), frames[1]].filter((each) => each !== undefined);
    const { code, report, stderr } = await send(net, fileOf(mixed), "--topspeed", "--engine", engine);
    expect(report).toMatchObject({ frames: { sent: 2, failed: 2 }, errors: { EINVAL: 1, EMSGSIZE: 1 } });
    expect(stderr).toMatch(/warning: 2 frames not sent: /);
    expect(code).toBe(1);
    expect((await capture.finish()).packets.map((packet) => packet.hex)).toEqual(hex.slice(0, 2));
  });

  test.each(engines)("%s: frames longer than the other end of a veth takes are counted", async (engine) => {
    const net = await network();
    const shorten = await net.exec("b", "ip", ["link", "set", net.receiver, "mtu", "1000"]);
    expect(shorten.code).toBe(0);
    const capture = await receive(net);
    const { code, report } = await send(net, fileOf(frames), "--topspeed", "--engine", engine);
    const arriving = frames.filter((frame) => frame.length <= 1018);
    expect(report.frames).toMatchObject({ sent: arriving.length, failed: frames.length - arriving.length });
    expect(code).toBe(1);
    expect((await capture.finish()).packets.map((packet) => packet.hex)).toEqual(hexOf(arriving));
  });

  test("frames that a capture had cut short are sent as they are, and counted", async () => {
    const net = shared;
    const capture = await receive(net);
    const { code, report } = await send(net, fileOf(frames.slice(0, 3), { originalLength: 1514 }), "--topspeed");
    expect(report.frames).toMatchObject({ sent: 3, truncated: 3 });
    expect(code).toBe(0);
    expect((await capture.finish()).packets.map((packet) => packet.hex)).toEqual(hex.slice(0, 3));
  });

  test("without live frames at the other end a packet socket takes over, or is named", async () => {
    const net = await network();
    const tcpdump = await startTcpdump(net, "b", ["-i", net.receiver]);
    const { code, report, stderr } = await send(net, fileOf(frames.slice(0, 20)), "--topspeed");
    expect(report).toMatchObject({ engine: "socket", frames: { sent: 20, failed: 0 } });
    expect(stderr).toMatch(/v1 takes no live frames: .*packet socket/);
    expect(stderr).toContain("ethtool -K");
    expect(code).toBe(0);
    expect((await tcpdump.packets(20)).map((packet) => packet.hex)).toEqual(hex.slice(0, 20));
    const forced = await send(net, fileOf(frames.slice(0, 20)), "--topspeed", "--engine", "xdp");
    expect(forced).toMatchObject({ code: 1, report: { frames: { sent: 0 } } });
    expect(forced.stderr).toMatch(/error: send to v1: it takes no live frames/);
  });

  test("a packet socket that takes over loops a file that the user cannot read", async () => {
    const none = await network();
    const { code, stderr, report } = await send(none, fileOf(frames), "--topspeed", "--loop", "3", "--user", "nobody");
    expect(stderr).toContain("sending through a packet socket");
    expect(code, stderr).toBe(0);
    expect(report.frames.sent).toBe(3 * frames.length);
  });

  test("a frame too long for live frames, and those after it, go through a packet socket, in order", async () => {
    const net = await network({ mtu: 9000 });
    const tcpdump = await startTcpdump(net, "b", ["-i", net.receiver]);
    const enable = await net.exec("b", "ethtool", ["-K", net.receiver, "gro", "on"]);
    expect(enable.code).toBe(0);
    const long = ethernet({ payload: ipv4({ payload: udp({ payload: new Uint8Array(5000) }) }) });
    const mixed = [...frames.slice(0, 2), long, ...frames.slice(2, 4)];
    const { report } = await send(net, fileOf(mixed), "--topspeed", "--loop", "2");
    expect(report).toMatchObject({ engine: "socket", frames: { sent: 10, failed: 0 } });
    const packets = await tcpdump.packets(10);
    expect(packets.map((packet) => packet.hex)).toEqual([...hexOf(mixed), ...hexOf(mixed)]);
  });

  test.each([
    ["SIGINT", ["--topspeed", "--loop", "0"]],
    ["SIGTERM", ["--pps", "500", "--loop", "0"]],
    ["SIGHUP", ["--topspeed", "--engine", "socket", "--loop", "0"]],
  ] as const)("%s ends it with the counts, which are exact", async (signal, options) => {
    const net = shared;
    await takeFloods(net);
    const before = await arrived(net);
    const running = startSend(net, fileOf(frames), "--json", ...options);
    await running.waitForStderr(/^sending /m);
    await expect.poll(async () => await arrived(net)).toBeGreaterThan(before + 10);
    running.child.kill(signal);
    const report = await running.json<SendReport>();
    expect(await running.exit).toMatchObject({ code: 0, signal: null });
    expect(report.frames.failed).toBe(0);
    expect(await arrived(net)).toBe(before + report.frames.sent);
  });

  test("a gap of hours is shortened, and told", async () => {
    const net = shared;
    const path = join(temporaryDirectory(), "gap.pcap");
    const start = 1_704_067_200_000_000_000n;
    const times = [0n, 1n, 1n + 18n * 3600n].map((seconds) => start + seconds * 1_000_000_000n);
    writePcap(
      path,
      numbered(3).map((data, index) => ({ data, timestamp: times[index] ?? start })),
    );
    const capture = await receive(net);
    const { code, stderr, report } = await send(net, path, "--multiplier", "10", "--max-gap", "0.2");
    expect(code).toBe(0);
    expect(stderr).toContain("frame 3 is due 6480.0 s after the one before it: sent after 0.2 s (--max-gap 0 waits");
    expect(report).toMatchObject({ frames: { sent: 3 }, shortened: { gaps: 1, seconds: expect.closeTo(6479.8, 6) } });
    expect(report.seconds).toBeGreaterThan(0.3);
    expect((await capture.finish()).packets).toHaveLength(3);
  });

  test("an AbortSignal ends what the library sends, with a report", async () => {
    const net = shared;
    await takeFloods(net);
    const script = join(temporaryDirectory(), "send.mjs");
    const library = new URL("../../dist/index.js", import.meta.url).href;
    writeFileSync(
      script,
      `import { send } from ${JSON.stringify(library)};
      const [file, engine] = process.argv.slice(2);
      const abort = new AbortController();
      const { signal } = abort;
      const session = await send(file, { interface: "v1", topspeed: true, loop: 0, engine, signal });
      const running = session.run();
      const grown = async (frames) => {
        while (session.progress().frames <= frames) await new Promise((resolve) => setTimeout(resolve, 1));
        return session.progress().frames;
      };
      const frames = await grown(0);
      await grown(frames);
      abort.abort();
      await running;
      session.stop();
      await session.run().catch(({ name, code }) => console.error(name, code));
      const report = session.report();
      console.log(JSON.stringify({ engine: report.engine, grew: report.frames.sent > frames, failed: report.frames.failed }));
      const aborted = AbortSignal.abort(new Error("never begun"));
      await send(file, { interface: "v1", signal: aborted }).catch(({ message }) => console.error(message));`,
    );
    for (const [engine] of engines) {
      const prefix = net.commandIn("a");
      const ran = startRingcap([fileOf(frames), engine], { prefix, script });
      expect(await ran.json()).toEqual({ engine, grew: true, failed: 0 });
      expect(await ran.exit).toMatchObject({ code: 0, stderr: "RingcapError USAGE\nnever begun\n" });
    }
  });

  test("raw IP goes to an interface without a link layer, Ethernet does not", async () => {
    const net = await network();
    await net.addTun("a", "tun0");
    const packets = [ipv4({ payload: tcp() }), ipv6({ payload: udp() })];
    const reader = net.spawn("a", "python3", ["-c", tunReader, "tun0", String(packets.length)]);
    let read = "";
    const ended = once(reader, "close");
    reader.stdout.on("data", (chunk: Buffer) => {
      read += chunk;
    });
    await expect.poll(() => read).toContain("open\n");
    const inA = (file: string) =>
      startRingcap(["send", file, "-i", "tun0", "--pps", "1000"], { prefix: net.commandIn("a") }).exit;
    expect(await inA(fileOf(packets, {}, 101))).toMatchObject({ code: 0 });
    await ended;
    expect(read.trim().split("\n").slice(1)).toEqual(hexOf(packets));
    const refused = await inA(fileOf(frames));
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/packet 1 is of link-type EN10MB \(Ethernet\), which tun0, .* does not send/);
  });

  test("a damaged file ends with exit code 3, after the frames before the damage", async () => {
    const net = shared;
    const capture = await receive(net);
    const path = fileOf(frames.slice(0, 4));
    truncateSync(path, statSync(path).size - 1);
    for (const options of [["--topspeed"], ["--pps", "5000"]]) {
      const { code, stderr, report } = await send(net, path, ...options);
      expect(stderr).toMatch(/the file is cut off/);
      expect(report.frames.sent).toBe(3);
      expect(code).toBe(3);
    }
    const received = (await capture.finish()).packets.map((packet) => packet.hex);
    expect(received).toEqual([...hex.slice(0, 3), ...hex.slice(0, 3)]);
  });

  test("an interface that is missing, down, or a default route's is refused", async () => {
    const net = await network({ addresses: { a: ["192.0.2.11/24"], b: ["192.0.2.12/24"] } });
    const file = fileOf(frames.slice(0, 1));
    const inA = async (name: string, ...options: readonly string[]) => {
      const prefix = net.commandIn("a");
      const { code, stderr } = await startRingcap(["send", file, "-i", name, ...options], { prefix }).exit;
      return { code, stderr };
    };
    expect(await inA("nope")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/send to nope: there is no such/),
    });
    expect(await inA("lo")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/send to lo: the interface is down/),
    });
    await net.exec("a", "ip", ["route", "add", "default", "via", "192.0.2.12"]);
    const refused = await inA("v1");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/interface of a default route/) });
    expect(refused.stderr).toContain("--yes");
    expect(await inA("v1", "--yes", "--pps", "1000")).toMatchObject({ code: 0 });
  });
});

/** Opens a tun interface (Documentation/networking/tuntap.rst) and prints so many packets that are sent to it. */
const tunReader = `
import fcntl, os, struct, sys
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", sys.argv[1].encode(), 0x1001))
print("open", flush=True)
for _ in range(int(sys.argv[2])):
    print(os.read(tun, 65536).hex(), flush=True)
`;
