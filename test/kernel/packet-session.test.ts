import { expect, test } from "vitest";
import { numberedFrames } from "../support/capturing.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runSession } from "../support/session-script.ts";

const PACKETS = 50;
const frames = numberedFrames(PACKETS);
const options = `interfaces: ["v0"], hook: "packet"`;

/** Runs the text in the receiving namespace and sends the frames when it is ready. */
async function answerOf(text: string): Promise<unknown> {
  await using network = await TestNetwork.create();
  const script = `const packetSockets = () => descriptors(/^socket:/) - atStart; const atStart = descriptors(/^socket:/);${text}`;
  return await runSession(network, "b", script, () => network.sendFrames(frames));
}

const needed = [requirements.root, requirements.namespaces, requirements.tools("tcpreplay")];

describeWith(needed, "a session at packet", () => {
  test("gives its packets to who iterates, and can be stopped from within", async () => {
    const text = `
      const session = await capture({ ${options} });
      await ready();
      const packets = [];
      for await (const batch of session) {
        for (const { data, originalLength, direction, interfaceIndex } of batch) {
          packets.push([data.length, originalLength, direction, interfaceIndex === session.interfaces[0].index]);
        }
        if (packets.length === ${PACKETS}) await session.stop();
      }
      const counters = session.counters();
      answer({ packets, counters, adds: sumOf(counters) === counters.matched, left: packetSockets() });`;
    expect(await answerOf(text)).toMatchObject({
      packets: frames.map(({ length }) => [Math.min(length, 128), length, "in", true]),
      counters: { seen: PACKETS, matched: PACKETS, delivered: PACKETS, ringDropped: 0 },
      adds: true,
      left: 0,
    });
  });

  test("that is left early counts what nobody took", async () => {
    const text = `
      const session = await capture({ ${options}, count: 20, direction: "inout" });
      await ready();
      let first = 0;
      for await (const batch of session) { first = batch.count; break; }
      const { matched, overLimit, delivered } = session.counters();
      answer({ first, matched, overLimit, delivered, left: packetSockets() });`;
    const counters = { matched: PACKETS, overLimit: 30, delivered: 20 };
    expect(await answerOf(text)).toEqual({ first: 20, ...counters, left: 0 });
  });

  test("that nobody iterates over is closed by stop() with every packet counted", async () => {
    const text = `
      const session = await capture({ ${options} });
      await ready();
      await session.stop();
      const { matched, overLimit } = session.counters();
      answer({ matched, overLimit, left: packetSockets() });`;
    expect(await answerOf(text)).toEqual({ matched: PACKETS, overLimit: PACKETS, left: 0 });
  });

  test("is a stream of a pcap file too", async () => {
    const text = `
      const session = await capture({ ${options}, count: ${PACKETS} });
      await ready();
      let bytes = 0;
      for await (const chunk of session.toPcapStream()) bytes += chunk.length;
      answer({ bytes, left: packetSockets() });`;
    const records = frames.reduce((sum, { length }) => sum + 16 + Math.min(length, 128), 0);
    expect(await answerOf(text)).toEqual({ bytes: 24 + records, left: 0 });
  });

  test("ends by its duration without a packet", async () => {
    const text = `
      const session = await capture({ ${options}, duration: 0.3, filter: { port: "1" } });
      await ready();
      let packets = 0;
      for await (const batch of session) packets += batch.count;
      answer({ packets, ...session.counters() });`;
    expect(await answerOf(text)).toMatchObject({ packets: 0, seen: 0, matched: 0, ringDropped: 0, delivered: 0 });
  });
});
