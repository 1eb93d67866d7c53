import { expect, test } from "vitest";
import { OwnFrames } from "../../../src/cap/own-frames.ts";
import { PACKET_DIRECTION_IN, PACKET_DIRECTION_OUT } from "../../../src/generated/layouts.ts";
import { PcapBatch } from "../../../src/packets/pcap-batch.ts";

/** A cursor at the one packet of a batch. */
function cursorAt(data: Uint8Array, direction: number, originalLength = data.length, seconds = 0) {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(seconds, 0);
  header.writeUInt32LE(data.length, 8);
  header.writeUInt32LE(originalLength, 12);
  const record = Buffer.concat([header, data]);
  const cursor = new PcapBatch(record, 1, { interfaceIndex: 1, direction, timeUnit: 1 }).cursor();
  cursor.next();
  return cursor;
}

const frame = Uint8Array.from({ length: 60 }, (_, index) => index);

test("a frame is left out once for each time that it was sent, and only on its way out", () => {
  const own = new OwnFrames();
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT))).toBe(false);
  own.sent(frame);
  own.sent(frame);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_IN))).toBe(false);
  expect(own.has(cursorAt(frame.toReversed(), PACKET_DIRECTION_OUT))).toBe(false);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT, 61))).toBe(false);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT))).toBe(true);
  expect(own.has(cursorAt(frame.subarray(0, 20), PACKET_DIRECTION_OUT, 60))).toBe(true);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT))).toBe(false);
});

test("a frame is what the buffer held when it was sent", () => {
  const own = new OwnFrames();
  const reused = Uint8Array.from(frame);
  own.sent(reused);
  reused.fill(0);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT))).toBe(true);
});

test("a frame that the filter did not want hides no later one of another program", () => {
  const own = new OwnFrames();
  own.sent(frame);
  const later = Math.ceil(Date.now() / 1000) + 2;
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT, frame.length, later))).toBe(false);
});
