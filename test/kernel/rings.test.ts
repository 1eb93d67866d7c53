import { expect, test } from "vitest";
import { checkOptions } from "../../src/capture/options.ts";
import { CapturePrograms, type EntryPoint } from "../../src/capture/programs.ts";
import { Rings } from "../../src/capture/rings.ts";
import type { BpfMap } from "../../src/native/map.ts";
import { PacketDrain } from "../../src/native/packet-drain.ts";
import { readClocks } from "../../src/native/system.ts";
import { BATCH_SIZE } from "../../src/packets/packet-batch.ts";
import { PcapBatch } from "../../src/packets/pcap-batch.ts";
import { concatenate, ethernet, ipv4, u16, udp } from "../support/frames.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { loadPushTag } from "../support/push-tag.ts";
import { moveTo } from "../support/test-run-cpus.ts";

const needed = [requirements.root, requirements.bpf, requirements.tools("taskset")];
const layout = { timeUnit: 1, withOrigin: false };

function frameNumber(number: number): Uint8Array {
  return ethernet({ payload: ipv4({ payload: udp({ sourcePort: number }) }) });
}

function drainOf(rings: readonly BpfMap[], { wakeups }: Rings): PacketDrain {
  const { epochOffset } = readClocks();
  return new PacketDrain({ withOrigin: false, rings, wakeups, unit: 1, epochOffset });
}

/** The numbers of frames, in the order in which they come out of the rings. */
function taken(drain: PacketDrain): number[] {
  const buffer = new Uint8Array(BATCH_SIZE);
  const numbers: number[] = [];
  for (;;) {
    const { bytes, records } = drain.takeRecords(buffer);
    if (records === 0) return numbers;
    const batch = new PcapBatch(bytes, records, { interfaceIndex: 1, direction: 0, timeUnit: 1 });
    for (const { data } of batch) numbers.push(Buffer.from(data).readUInt16BE(34));
  }
}

describeWith(needed, "the rings of a capture", () => {
  test("take the packets of CPUs without one of their own into another", () => {
    const settings = checkOptions({ bufferSize: 1 });
    using rings = Rings.create(settings.ringSize, [0]);
    using programs = CapturePrograms.load({ ...settings, ...layout }, "ethernet", ["capture_xdp"], rings);
    const shared = rings.all.filter((ring) => ring === rings.shared);
    using drain = drainOf(shared, rings);
    for (const cpu of [0, 1]) {
      moveTo([cpu]);
      for (const number of [1, 2, 3]) programs.entryPoint("capture_xdp").testRun(frameNumber(cpu * 10 + number));
    }
    expect(taken(drain)).toEqual([11, 12, 13]);
  });

  test("give packets in order, whichever ring they are in", () => {
    const settings = checkOptions({ bufferSize: 1 });
    using rings = Rings.create(settings.ringSize, [0]);
    using programs = CapturePrograms.load({ ...settings, ...layout }, "ethernet", ["capture_xdp"], rings);
    using drain = drainOf(rings.all, rings);
    const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
    for (const number of numbers) {
      if (number % 10 === 1) moveTo([number % 20 === 1 ? 0 : 1]);
      programs.entryPoint("capture_xdp").testRun(frameNumber(number));
    }
    expect(taken(drain)).toEqual(numbers);
    expect(programs.counters()).toMatchObject({ submitted: numbers.length, ringFull: 0, copyFailed: 0 });
  });

  test.each([1, 4, 14, 15, 16])("keep what lies in them while tagged packets are cut to %i bytes", (snapshotLength) => {
    const settings = { ...checkOptions({ snapshotLength, bufferSize: 1 }), ringSize: 4096 };
    using rings = Rings.create(settings.ringSize, [0]);
    using programs = CapturePrograms.load({ ...settings, ...layout }, "ethernet", ["capture_tc_ingress"], rings);
    using drain = drainOf(rings.all.slice(0, 1), rings);
    using tagging = loadPushTag(programs.entryPoint("capture_tc_ingress"));
    moveTo([0]);
    const frame = ethernet({ payload: ipv4({ payload: udp() }) });
    const tagged = concatenate(frame.subarray(0, 12), u16(0x8100), u16(5), frame.subarray(12));
    const expected = Buffer.from(tagged.subarray(0, snapshotLength)).toString("hex");
    const buffer = new Uint8Array(BATCH_SIZE);
    const records: string[] = [];
    // The newest record ends where the oldest one begins that user space still reads.
    for (let round = 0; round < 40; round++) {
      const { bytes, records: count } = drain.takeRecords(buffer);
      tagging.testRun(frame, { repeat: 300 });
      const batch = new PcapBatch(bytes, count, { interfaceIndex: 1, direction: 0, timeUnit: 1 });
      for (const { data, originalLength } of batch)
        records.push(`${originalLength} ${Buffer.from(data).toString("hex")}`);
    }
    expect(programs.counters().ringFull).toBeGreaterThan(0);
    expect(records.length).toBeGreaterThan(500);
    expect(new Set(records)).toEqual(new Set([`${tagged.length} ${expected}`]));
  });

  test.each<EntryPoint>(["capture_xdp", "capture_tc_ingress", "capture_tc_egress"])(
    "are filled by %s also where packets preempt each other",
    (entryPoint) => {
      const settings = { ...checkOptions({ bufferSize: 1 }), ...layout, isPreemptible: true };
      using rings = Rings.create(settings.ringSize);
      using programs = CapturePrograms.load(settings, "ethernet", [entryPoint], rings);
      using drain = drainOf(rings.all, rings);
      for (const number of [1, 2, 3]) programs.entryPoint(entryPoint).testRun(frameNumber(number));
      expect(taken(drain)).toEqual([1, 2, 3]);
    },
  );
});
