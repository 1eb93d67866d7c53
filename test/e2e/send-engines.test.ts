import { afterAll, beforeAll, expect, test } from "vitest";
import { hexOf, startTcpdump } from "../support/capturing.ts";
import { ethernet, ipv4, udp } from "../support/frames.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith } from "../support/privileges.ts";
import { engines, fileOf, needed, network, numbered, receive, send } from "../support/sending.ts";

describeWith(needed, "ringcap send", () => {
  const frames = numbered(500);
  const hex = hexOf(frames);
  /** For the tests that change nothing of it. */
  let shared: TestNetwork;
  beforeAll(async () => {
    shared = await TestNetwork.create();
  });
  afterAll(() => shared.destroy());

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
});
