import { expect, test } from "vitest";
import { BATCH_RECORD } from "../../src/generated/layouts.ts";
import { packRecords } from "../../src/libbpf/packet-drain.ts";

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
