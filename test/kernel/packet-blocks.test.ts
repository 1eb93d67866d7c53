/** The blocks that the program lays out in a ring are those that a pcapng file has. */
import { expect, test } from "vitest";
import { type CaptureOptions, checkOptions } from "../../src/capture/options.ts";
import { CapturePrograms, type EntryPoint } from "../../src/capture/programs.ts";
import { Rings } from "../../src/capture/rings.ts";
import { LAYOUT_OF_BLOCKS } from "../../src/capture/source.ts";
import { PacketDrain } from "../../src/native/packet-drain.ts";
import { readClocks } from "../../src/native/system.ts";
import { BlockBatch } from "../../src/packets/block-batch.ts";
import type { CapturedPacket } from "../../src/packets/packet-batch.ts";
import { type PcapngPacket, PcapngWriter } from "../../src/pcap-writer/index.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { moveTo } from "../support/test-run-cpus.ts";

/** Loads one program, and closes all of it with the test's scope. */
function openProgram(entryPoint: EntryPoint, options: CaptureOptions) {
  const settings = checkOptions({ bufferSize: 1, ...options });
  const rings = Rings.create(settings.ringSize);
  const programs = CapturePrograms.load({ ...settings, ...LAYOUT_OF_BLOCKS }, "ethernet", [entryPoint], rings);
  const { epochOffset } = readClocks();
  const drain = new PacketDrain({
    ...LAYOUT_OF_BLOCKS,
    rings: rings.all,
    wakeups: rings.wakeups,
    unit: LAYOUT_OF_BLOCKS.timeUnit,
    epochOffset,
  });
  const program = programs.entryPoint(entryPoint);
  const buffer = new Uint8Array(1 << 19);
  return {
    run: (frame: Uint8Array, repeat = 1) => program.testRun(frame, { repeat }),
    counters: () => programs.counters(),
    /** All that is in the rings. */
    take: () => {
      const parts: Buffer[] = [];
      const packets: CapturedPacket[] = [];
      for (;;) {
        const { bytes, records } = drain.takeRecords(buffer);
        if (records === 0) return { bytes: Buffer.concat(parts), packets };
        parts.push(Buffer.from(bytes));
        packets.push(...Array.from(new BlockBatch(bytes, records, 7), copied));
      }
    },
    [Symbol.dispose]: () => {
      for (const part of [program, drain, programs, rings]) part.close();
    },
  };
}

function copied(packet: CapturedPacket): CapturedPacket {
  return { ...packet, data: packet.data.slice() };
}

/** The blocks that PcapngWriter makes of the packets. */
function written(packets: readonly CapturedPacket[], facts: Partial<PcapngPacket>): Buffer {
  const parts: Buffer[] = [];
  const writer = new PcapngWriter({}, (bytes) => parts.push(Buffer.from(bytes)));
  const interfaceId = writer.addInterface({ linkType: 1 });
  writer.flush();
  parts.length = 0;
  for (const { timestamp, data, originalLength, direction } of packets) {
    writer.write({ interfaceId, timestampNanoseconds: timestamp, data, originalLength, direction, ...facts });
  }
  writer.flush();
  return Buffer.concat(parts);
}

const frameOf = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8) + 1) & 0xff);
const lengths = [14, 15, 16, 17, 18, 31, 32, 33, 63, 64, 65, 66, 127, 128, 129, 1514];

describeWith([requirements.root, requirements.bpf, requirements.tools("taskset")], "a block in a ring", () => {
  test.each<[EntryPoint, "in" | "out", Partial<PcapngPacket>]>([
    ["capture_xdp", "in", { queue: 0 }],
    ["capture_tc_ingress", "in", {}],
    ["capture_tc_egress", "out", {}],
  ])("by %s is that of PcapngWriter, whatever the length", (entryPoint, direction, facts) => {
    for (const snapshotLength of [0, 5]) {
      using program = openProgram(entryPoint, { snapshotLength });
      const before = BigInt(Date.now()) * 1_000_000n;
      for (const length of lengths) program.run(frameOf(length));
      const after = BigInt(Date.now() + 1) * 1_000_000n;
      const { bytes, packets } = program.take();
      const kept = lengths.map((length) => frameOf(length).subarray(0, snapshotLength || undefined));
      expect(packets.map(({ data, originalLength }) => [Buffer.from(data).toString("hex"), originalLength])).toEqual(
        kept.map((data, index) => [Buffer.from(data).toString("hex"), lengths[index]]),
      );
      expect(packets.every((packet) => packet.direction === direction && packet.interfaceIndex === 7)).toBe(true);
      expect(packets.every(({ timestamp }) => before <= timestamp && timestamp <= after)).toBe(true);
      expect(bytes.toString("hex")).toBe(written(packets, facts).toString("hex"));
    }
  });

  test.each<[EntryPoint, Partial<PcapngPacket>]>([
    ["capture_xdp", { queue: 0, verdict: { kind: "xdp", value: 1n } }],
    ["capture_tc_ingress", { verdict: { kind: "tc", value: 2n } }],
  ])("by %s says what was dropped, and once how many packets were lost before it", (entryPoint, facts) => {
    moveTo([0]);
    using program = openProgram(entryPoint, { action: "drop" });
    const frame = frameOf(61);
    program.run(frame, 20_000);
    const { ringFull } = program.counters();
    expect(ringFull).toBeGreaterThan(0);
    program.take();
    program.run(frame);
    program.run(frame);
    const { bytes, packets } = program.take();
    const [first, second] = packets.map((packet, index) =>
      written([packet], index === 0 ? { ...facts, dropCount: ringFull } : facts).toString("hex"),
    );
    expect(bytes.toString("hex")).toBe(`${first}${second}`);
  });
});
