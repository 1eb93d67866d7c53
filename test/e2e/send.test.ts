import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SendReport } from "../../src/send/index.ts";
import { hexOf, startTcpdump } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { arrived, takeFloods } from "../support/flood.ts";
import { TestNetwork } from "../support/network.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith } from "../support/privileges.ts";
import { engines, fileOf, needed, network, numbered, receive, send, startSend } from "../support/sending.ts";
import { temporaryDirectory } from "../support/temporary.ts";

describeWith(needed, "ringcap send", () => {
  const frames = numbered(500);
  const hex = hexOf(frames);
  /** For the tests that change nothing of it. */
  let shared: TestNetwork;
  beforeAll(async () => {
    shared = await TestNetwork.create();
  });
  afterAll(() => shared.destroy());

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
    const options = ["--topspeed", "--cpus", "2", "--loop", "2", "--count", "1500"];
    const { report, stderr } = await send(net, fileOf(frames), ...options);
    expect(stderr).toContain("the file ended after 1000 frames of 1500: --loop 0 sends it again until they are sent\n");
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
});
