/** Files and interfaces that `ringcap send` refuses, and link types that fit. */
import { once } from "node:events";
import { statSync, truncateSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hexOf } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { ipv4, ipv6, tcp, udp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith } from "../support/privileges.ts";
import { fileOf, needed, network, numbered, receive, send } from "../support/sending.ts";

describeWith(needed, "ringcap send", () => {
  const frames = numbered(500);
  const hex = hexOf(frames);
  /** For the tests that change nothing of it. */
  let shared: TestNetwork;
  beforeAll(async () => {
    shared = await TestNetwork.create();
  });
  afterAll(() => shared.destroy());

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
