import { describe, expect, it } from "vitest";
import { RingcapError } from "../../../src/errors.ts";
import { type PcapPacket, readPcap } from "../../../src/pcap-parser/index.ts";

interface Record {
  seconds: number;
  fraction: number;
  data: number[];
  capturedLength?: number;
}

function pcapFile(magic: number, littleEndian: boolean, records: readonly Record[], linkType = 1): Uint8Array {
  const length = 24 + records.reduce((sum, { data }) => sum + 16 + data.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, littleEndian);
  view.setUint16(4, 2, littleEndian);
  view.setUint16(6, 4, littleEndian);
  view.setUint32(16, 128, littleEndian);
  view.setUint32(20, linkType, littleEndian);
  let offset = 24;
  for (const { seconds, fraction, data, capturedLength } of records) {
    const fields = [seconds, fraction, capturedLength ?? data.length, data.length + 1000];
    fields.forEach((field, index) => {
      view.setUint32(offset + 4 * index, field, littleEndian);
    });
    bytes.set(data, offset + 16);
    offset += 16 + data.length;
  }
  return bytes;
}

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const RECORDS = [
  { seconds: 1_700_000_000, fraction: 123_456, data: [1, 2, 3] },
  { seconds: 0xffffffff, fraction: 999_999, data: [] },
];

/** The packets before the first broken one, and what is said of it. */
function readUntilError(bytes: Uint8Array): { packets: PcapPacket[]; error: unknown } {
  const packets: PcapPacket[] = [];
  try {
    for (const packet of readPcap(bytes).packets) packets.push(packet);
  } catch (error) {
    return { packets, error };
  }
  return { packets, error: undefined };
}

describe("readPcap", () => {
  it.each([
    ["little-endian microseconds", MICROSECONDS, true, 123_456_000n],
    ["big-endian microseconds", MICROSECONDS, false, 123_456_000n],
    ["little-endian nanoseconds", NANOSECONDS, true, 123_456n],
    ["big-endian nanoseconds", NANOSECONDS, false, 123_456n],
  ])("reads %s", (_, magic, littleEndian, nanoseconds) => {
    const capture = readPcap(pcapFile(magic, littleEndian, RECORDS, 101));
    expect(capture).toMatchObject({ linkType: 101, snapshotLength: 128, nanosecond: magic === NANOSECONDS });
    const [first, second] = [...capture.packets];
    expect(first).toEqual({
      timestamp: 1_700_000_000_000_000_000n + nanoseconds,
      capturedLength: 3,
      originalLength: 1003,
      data: Uint8Array.from([1, 2, 3]),
    });
    expect(second).toMatchObject({ capturedLength: 0, originalLength: 1000 });
  });

  it("can be iterated again", () => {
    const { packets } = readPcap(pcapFile(MICROSECONDS, true, RECORDS));
    expect([...packets]).toEqual([...packets]);
  });

  it("reads a view that starts within its buffer", () => {
    const file = pcapFile(MICROSECONDS, true, RECORDS);
    const shifted = new Uint8Array(file.length + 5);
    shifted.set(file, 5);
    expect([...readPcap(shifted.subarray(5)).packets][0]?.data).toEqual(Uint8Array.from([1, 2, 3]));
  });

  it("ignores what the link type field says of frame check sequences", () => {
    expect(readPcap(pcapFile(MICROSECONDS, true, [], 0x24000001)).linkType).toBe(1);
  });

  it("yields the packets before one that is cut off, wherever the cut is", () => {
    const file = pcapFile(MICROSECONDS, true, [...RECORDS, { seconds: 0, fraction: 0, data: [1, 2, 3, 4] }]);
    const last = file.length - 20;
    for (let length = last + 1; length < file.length; length++) {
      const { packets, error } = readUntilError(file.subarray(0, length));
      expect(packets).toHaveLength(2);
      expect(error).toBeInstanceOf(RingcapError);
      expect(error).toMatchObject({ code: "INPUT", message: expect.stringContaining(`byte ${last}`) });
    }
    expect(readUntilError(file.subarray(0, last)).error).toBeUndefined();
  });

  it("refuses a captured length that no capture has, and names its place", () => {
    const file = pcapFile(MICROSECONDS, true, [
      ...RECORDS,
      { seconds: 0, fraction: 0, data: [], capturedLength: 262_145 },
    ]);
    const { packets, error } = readUntilError(file);
    expect(packets).toHaveLength(2);
    expect(error).toMatchObject({ code: "INPUT", message: expect.stringContaining(`byte ${file.length - 8}:`) });
  });

  it.each([
    ["nothing", new Uint8Array(0), "byte 0"],
    ["half a file header", pcapFile(MICROSECONDS, true, []).subarray(0, 12), "byte 12"],
    ["another magic number", new Uint8Array(24), "0x00000000"],
    ["pcapng", Uint8Array.from([0x0a, 0x0d, 0x0d, 0x0a, ...new Uint8Array(24)]), "pcapng"],
  ])("refuses %s", (_, bytes, text) => {
    const { error } = readUntilError(bytes);
    expect(error).toBeInstanceOf(RingcapError);
    expect(error).toMatchObject({ code: "INPUT", message: expect.stringContaining(text) });
  });
});
