import { expect, test } from "vitest";
import { checkOptions } from "../../src/capture/options.ts";
import { CapturePrograms, type EntryPoint } from "../../src/capture/programs.ts";
import { Rings } from "../../src/capture/rings.ts";
import { PacketDrain } from "../../src/native/packet-drain.ts";
import { readClocks } from "../../src/native/system.ts";
import { AlignedBatch } from "../../src/packets/aligned-batch.ts";
import { BATCH_SIZE } from "../../src/packets/packet-batch.ts";
import { PcapBatch } from "../../src/packets/pcap-batch.ts";
import { ethernet, ipv4, tcp } from "../support/frames.ts";
import { describeWith, requirements } from "../support/privileges.ts";

/** A frame of a length, no byte of which is like its neighbours. */
function frameOf(length: number): Uint8Array {
  const payload = Uint8Array.from({ length: length - 54 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
  return ethernet({ payload: ipv4({ payload: tcp({ payload }) }) });
}

interface Capture {
  readonly hex: string;
  readonly originalLength: number;
  readonly timestamp: bigint;
}

/** What comes out of the rings when the program has run on each frame. */
function capture(
  snapshotLength: number,
  entryPoint: EntryPoint,
  withOrigin: boolean,
  frames: readonly Uint8Array[],
): Capture[] {
  const settings = checkOptions({ snapshotLength, bufferSize: 1 });
  using rings = Rings.create(settings.ringSize);
  const layout = { timeUnit: 1, withOrigin };
  using programs = CapturePrograms.load({ ...settings, ...layout }, "ethernet", [entryPoint], rings);
  const { epochOffset } = readClocks();
  const { wakeups } = rings;
  using drain = new PacketDrain({ rings: rings.all, wakeups, withOrigin, unit: 1, epochOffset });
  using program = programs.entryPoint(entryPoint);
  const buffer = new Uint8Array(BATCH_SIZE);
  const take = () => {
    if (withOrigin) return new AlignedBatch(buffer, new Uint32Array(buffer.buffer), drain.drain(buffer).records);
    const { bytes, records } = drain.takeRecords(buffer);
    return new PcapBatch(bytes, records, { interfaceIndex: 1, direction: 0, timeUnit: 1 });
  };
  return frames.flatMap((frame) => {
    program.testRun(frame);
    return Array.from(take(), ({ data, originalLength, timestamp }) => {
      return { hex: Buffer.from(data).toString("hex"), originalLength, timestamp };
    });
  });
}

const lengths = [54, 60, 63, 64, 65, 66, 127, 128, 129, 256, 257, 512, 513, 1514, 1536, 1537, 3000];
/** Those that an XDP program meets in several buffers. */
const longLengths = [4096, 4097, 9014, 16_384, 16_385, 32_767, 40_000];

describeWith([requirements.root, requirements.bpf], "the snapshot length", () => {
  test.each([1, 14, 60, 64, 65, 128, 1500, 0])("of %i cuts every packet there, and keeps its length", (length) => {
    const limit = length === 0 ? 262_144 : length;
    const programs = [
      ["capture_xdp", [...lengths, ...longLengths].map(frameOf)],
      ["capture_tc_ingress", lengths.map(frameOf)],
      ["capture_tc_egress", lengths.map(frameOf)],
    ] as const;
    for (const [entryPoint, frames] of programs) {
      const before = BigInt(Date.now()) * 1_000_000n;
      // Both layouts of a record.
      for (const withOrigin of [false, true]) {
        const captured = capture(length, entryPoint, withOrigin, frames);
        const after = BigInt(Date.now() + 1) * 1_000_000n;
        expect(captured.map(({ hex, originalLength }) => ({ hex, originalLength }))).toEqual(
          frames.map((frame) => ({
            hex: Buffer.from(frame.subarray(0, limit)).toString("hex"),
            originalLength: frame.length,
          })),
        );
        expect(captured.every(({ timestamp }) => before <= timestamp && timestamp <= after)).toBe(true);
      }
    }
  });
});
