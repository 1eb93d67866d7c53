import { expect, test } from "vitest";
import { BATCH_RECORD } from "../../src/generated/layouts.ts";
import { convertRecords, packRecords } from "../../src/native/packet-drain.ts";

const RECORD = BATCH_RECORD.size;

/** Records of 3 and 8 captured bytes, the first padded to eight. */
function twoRecords(): Uint8Array {
  const bytes = new Uint8Array(RECORD + 8 + RECORD + 8);
  const view = new DataView(bytes.buffer);
  const put = (at: number, nanoseconds: number, capturedLength: number, originalLength: number) => {
    view.setUint32(at + BATCH_RECORD.seconds, 7, true);
    view.setUint32(at + BATCH_RECORD.nanoseconds, nanoseconds, true);
    view.setUint32(at + BATCH_RECORD.capturedLength, capturedLength, true);
    view.setUint32(at + BATCH_RECORD.originalLength, originalLength, true);
    view.setUint32(at + BATCH_RECORD.interfaceIndex, 0xaaaaaaaa, true);
    view.setUint32(at + BATCH_RECORD.direction, 1, true);
  };
  put(0, 1_999, 3, 1500);
  bytes.set([1, 2, 3, 0xff, 0xff, 0xff, 0xff, 0xff], RECORD);
  put(RECORD + 8, 999_999_999, 8, 8);
  bytes.set([4, 5, 6, 7, 8, 9, 10, 11], RECORD + 8 + RECORD);
  return bytes;
}

test("packed records have their time, both lengths and their bytes, and no padding", () => {
  const output = new Uint8Array(64);
  expect(packRecords(twoRecords(), 2, output, 1000)).toBe(16 + 3 + 16 + 8);
  expect(Buffer.from(output).toString("hex", 0, 43)).toBe(
    "0700000001000000" + "03000000dc050000" + "010203" + "070000003f420f00" + "0800000008000000" + "0405060708090a0b",
  );
});

test("packed records may keep their nanoseconds", () => {
  const output = new Uint8Array(64);
  packRecords(twoRecords(), 1, output, 1);
  expect(Buffer.from(output).readUInt32LE(4)).toBe(1_999);
});

test.each([
  ["a batch with fewer records than said", twoRecords(), 3, new Uint8Array(128), 1],
  ["a batch that ends within a header", twoRecords().subarray(0, RECORD + 8 + 5), 2, new Uint8Array(128), 1],
  ["a batch that ends within the bytes of a packet", twoRecords().subarray(0, RECORD + 2), 1, new Uint8Array(128), 1],
  ["an output without room", twoRecords(), 2, new Uint8Array(42), 1],
  ["a unit of no time", twoRecords(), 2, new Uint8Array(64), 0],
])("%s is refused", (_case, batch, count, output, unit) => {
  expect(() => packRecords(batch, count, output, unit)).toThrow(RangeError);
});

/** A record of three bytes as a pcap file of nanoseconds has it. */
function nanosecondRecord(capturedLength = 3): Uint8Array {
  const record = Buffer.alloc(19);
  for (const [index, word] of [5, 123_456_789, capturedLength, 60].entries()) record.writeUInt32LE(word, index * 4);
  record.set([1, 2, 3], 16);
  return new Uint8Array(record);
}

test.each([
  [1, 1000, 123_456],
  [1, 1, 123_456_789],
])("records are converted from units of %i ns to units of %i ns, in place too", (from, to, fraction) => {
  const records = nanosecondRecord();
  const output = new Uint8Array(19);
  convertRecords(records, 1, output, from, to);
  convertRecords(records, 1, records, from, to);
  expect(records).toEqual(output);
  expect(Buffer.from(output).readUInt32LE(4)).toBe(fraction);
  expect([...output.subarray(16)]).toEqual([1, 2, 3]);
});

test.each([
  ["more records than there are", nanosecondRecord(), 2, 19, 1000],
  ["a record that says it is longer", nanosecondRecord(4), 1, 64, 1000],
  ["an output that is too short", nanosecondRecord(), 1, 18, 1000],
  ["units of no time", nanosecondRecord(), 1, 19, 0],
])("converting refuses %s", (_, records, count, room, unit) => {
  expect(() => convertRecords(records, count, new Uint8Array(room), 1, unit)).toThrow(RangeError);
});
