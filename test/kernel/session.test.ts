import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { numberedFrames } from "../support/capturing.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { runSession } from "../support/session-script.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const PACKETS = 50;
const frames = numberedFrames(PACKETS);

/** Runs the text in the receiving namespace and sends the frames when it is ready. */
async function answerOf(text: string): Promise<unknown> {
  await using network = await TestNetwork.create();
  return await runSession(network, "b", text, () => network.sendFrames(frames));
}

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("tcpreplay", "tshark", "capinfos")];

describeWith(needed, "a session", () => {
  test("gives its packets to who iterates, and can be stopped from within", async () => {
    const text = `
      const session = await capture({ interfaces: ["v0"] });
      await ready();
      const lengths = [];
      for await (const batch of session) {
        for (const { data, originalLength, direction } of batch) lengths.push([data.length, originalLength, direction]);
        if (lengths.length === ${PACKETS}) await session.stop();
      }
      const counters = session.counters();
      answer({ lengths, delivered: counters.delivered, adds: sumOf(counters) === counters.matched, left: bpfDescriptors() });`;
    const lengths = frames.map(({ length }) => [Math.min(length, 128), length, "in"]);
    expect(await answerOf(text)).toEqual({ lengths, delivered: PACKETS, adds: true, left: 0 });
  });

  test("that is left early counts what nobody took", async () => {
    const text = `
      const session = await capture({ interfaces: ["v0"], count: 20 });
      await ready();
      let first = 0;
      for await (const batch of session) { first = batch.count; break; }
      const counters = session.counters();
      answer({ first, counters, left: bpfDescriptors() });`;
    const counters = { seen: PACKETS, matched: PACKETS, sampledOut: 0, rateLimited: 0, ringDropped: 0 };
    expect(await answerOf(text)).toEqual({
      first: 20,
      counters: { ...counters, overLimit: 30, delivered: 20 },
      left: 0,
    });
  });

  test("that nobody iterates over is closed by stop(), and the process can end", async () => {
    const text = `
      const session = await capture({ interfaces: ["v0"] });
      await ready();
      await session.stop();
      const { matched, overLimit } = session.counters();
      answer({ matched, overLimit, left: bpfDescriptors() });`;
    expect(await answerOf(text)).toEqual({ matched: PACKETS, overLimit: PACKETS, left: 0 });
  });

  test("gives its memory back at its end, 60 times without a turn of the event loop", async () => {
    const text = `
      await ready();
      const kept = [];
      const before = process.memoryUsage.rss();
      let most = 0;
      for (let round = 0; round < 60; round++) {
        const session = await capture({ interfaces: ["v0"], bufferSize: 16 });
        await session.stop();
        kept.push(session);
        most = Math.max(most, process.memoryUsage.rss());
      }
      answer({ grown: (most - before) / 2 ** 20, left: bpfDescriptors() });`;
    const { grown, left } = (await answerOf(text)) as Record<"grown" | "left", number>;
    // Of at least 960 MiB of rings.
    expect(grown).toBeLessThan(400);
    expect(left).toBe(0);
  });

  test("leaves the packets of the batch with which the iteration was left", async () => {
    const text = `
      const session = await capture({ interfaces: ["v0"] });
      await ready();
      let kept = [];
      let before = [];
      for await (const batch of session) {
        kept = [...batch];
        before = kept.map(({ data }) => Buffer.from(data).toString("hex"));
        break;
      }
      answer({ before, left: kept.map(({ data }) => Buffer.from(data).toString("hex")) });`;
    const { before, left } = (await answerOf(text)) as Record<"before" | "left", string[]>;
    expect(before.length).toBeGreaterThan(0);
    expect(left).toEqual(before);
  });

  test("that is dropped does not keep the process alive", async () => {
    const text = `
      await capture({ interfaces: ["v0"], duration: 3600 });
      await ready();
      answer("dropped");`;
    expect(await answerOf(text)).toBe("dropped");
  });

  test("that is dropped goes with the garbage, and what it attached with it", async () => {
    const text = `
      setFlagsFromString("--expose-gc");
      const collect = runInNewContext("gc");
      const before = openDescriptors();
      await (async () => void (await capture({ interfaces: ["v0"] })))();
      const dropped = openDescriptors() - before;
      await ready();
      while (openDescriptors() > before) { collect(); await delay(1); }
      answer({ dropped: dropped > 0 });`;
    expect(await answerOf(text)).toEqual({ dropped: true });
  });

  test("is closed by its signal before anybody iterates, and then has no packets", async () => {
    const text = `
      const stop = new AbortController();
      const session = await capture({ interfaces: ["v0"], signal: stop.signal });
      await ready();
      stop.abort();
      let batches = 0;
      for await (const _ of session) batches++;
      answer({ batches, left: bpfDescriptors() });`;
    expect(await answerOf(text)).toEqual({ batches: 0, left: 0 });
  });

  test("ends by its signal while it waits for packets, having given all", async () => {
    const text = `
      const stop = new AbortController();
      const session = await capture({ interfaces: ["v0"], signal: stop.signal });
      await ready();
      let packets = 0;
      for await (const batch of session) {
        packets += batch.count;
        if (packets === ${PACKETS}) setImmediate(() => stop.abort());
      }
      answer({ packets, left: bpfDescriptors() });`;
    expect(await answerOf(text)).toEqual({ packets: PACKETS, left: 0 });
  });

  test("is not opened with a signal that is aborted already, nor with options that do not exist", async () => {
    const text = `
      await ready();
      const refusals = [];
      for (const options of [{ signal: AbortSignal.abort() }, { snaplen: 5 }, { filter: { prot: "80" } }]) {
        await capture({ interfaces: ["v0"], ...options }).catch(({ name, message }) => refusals.push(name + " " + message));
      }
      answer({ refusals, left: bpfDescriptors() });`;
    expect(await answerOf(text)).toEqual({
      refusals: [
        "AbortError This operation was aborted",
        "RingcapError snaplen: there is no such option",
        "RingcapError prot: there is no such option",
      ],
      left: 0,
    });
  });

  test("is a stream of the bytes of a pcap file, whose destruction ends it", async () => {
    const text = `
      const session = await capture({ interfaces: ["v0"] });
      await ready();
      const chunks = [];
      let size = 0;
      const stream = session.toPcapStream("nano");
      stream.on("data", (chunk) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size === ${24 + frames.reduce((sum, { length }) => sum + 16 + Math.min(length, 128), 0)}) stream.destroy();
      });
      await once(stream, "close");
      while (bpfDescriptors() > 0) await delay(1);
      answer({ magic: Buffer.concat(chunks).readUInt32LE(0).toString(16), size });`;
    expect(await answerOf(text)).toMatchObject({ magic: "a1b23c4d" });
  });

  test("is a stream of the bytes of a pcapng file, with what is known of each packet and the counts of the end", async () => {
    const text = `
      const session = await capture({ interfaces: ["v0"], count: 20, filter: { protocol: "tcp" } });
      await ready();
      const chunks = [];
      for await (const chunk of session.toPcapngStream({ comment: "mine" })) chunks.push(chunk);
      answer(Buffer.concat(chunks).toString("base64"));`;
    const path = join(temporaryDirectory(), "stream.pcapng");
    writeFileSync(path, Buffer.from(String(await answerOf(text)), "base64"));
    const packets = await tsharkFields(path, [
      "frame.packet_flags_direction",
      "frame.interface_name",
      "frame.interface_queue",
    ]);
    expect(packets).toHaveLength(20);
    expect(new Set(packets.map((packet) => Object.values(packet).join(" ")))).toEqual(new Set(["0x00000001 v0 0"]));
    const { stdout } = await runOrFail("capinfos", [path]);
    for (const line of [/Capture comment: +mine\n/, /Filter string = --proto tcp\n/, /Number of stat entries = 1\n/]) {
      expect(stdout).toMatch(line);
    }
  });

  test("ends with its stream that is destroyed before it was read", async () => {
    const text = `
      const session = await capture({ interfaces: ["v0"] });
      await ready();
      session.toPcapStream().destroy();
      while (bpfDescriptors() > 0) await delay(1);
      answer(session.counters().matched);`;
    expect(await answerOf(text)).toBe(PACKETS);
  });
});
