import { expect, test } from "vitest";
import { comparePackets, formatMismatch } from "../../../src/replay/golden.ts";

const bytes = Uint8Array.of(9, 9, 1, 2, 3, 4);
const packet = { seconds: 10, nanoseconds: 1_500, originalLength: 60, capturedLength: 4, bytes, start: 2 };

test("packets are the same when their times are the same in the coarser unit", () => {
  const finer = { ...packet, nanoseconds: 1_999 };
  expect(comparePackets(1, packet, finer, 1000)).toBeUndefined();
  expect(comparePackets(1, packet, finer, 1)).toEqual({
    packet: 1,
    field: "timestamp",
    offset: null,
    expected: "10.000001500",
    actual: "10.000001999",
  });
});

test("the bytes of a packet are compared wherever they lie", () => {
  const moved = { ...packet, bytes: Uint8Array.of(1, 2, 3, 4), start: 0 };
  expect(comparePackets(1, packet, moved, 1)).toBeUndefined();
  const changed = { ...moved, bytes: Uint8Array.of(1, 2, 7, 4) };
  const mismatch = comparePackets(5, packet, changed, 1);
  expect(mismatch).toEqual({ packet: 5, field: "data", offset: 2, expected: "0x03", actual: "0x07" });
  expect(mismatch && formatMismatch(mismatch)).toBe("packet 5: byte 2 of the data is 0x07, expected 0x03");
});

test("lengths are compared, the captured one after the bytes that both have", () => {
  expect(comparePackets(1, packet, { ...packet, originalLength: 61 }, 1)?.field).toBe("originalLength");
  expect(comparePackets(1, packet, { ...packet, capturedLength: 3 }, 1)).toMatchObject({
    field: "capturedLength",
    expected: "4",
    actual: "3",
  });
  const shorterAndChanged = { ...packet, bytes: Uint8Array.of(0, 0, 0, 2, 3), capturedLength: 3 };
  expect(comparePackets(1, packet, shorterAndChanged, 1)).toMatchObject({ field: "data", offset: 0 });
});
