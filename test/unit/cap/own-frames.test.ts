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

const WHOLE = 65_535;
const frame = Uint8Array.from({ length: 60 }, (_, index) => index);

test("a frame is left out once for each time that it was sent, and only on its way out", () => {
  const own = new OwnFrames(WHOLE);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT))).toBe(false);
  own.sent(frame);
  own.sent(frame);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_IN))).toBe(false);
  expect(own.has(cursorAt(frame.toReversed(), PACKET_DIRECTION_OUT))).toBe(false);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT, 61))).toBe(false);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT))).toBe(true);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT))).toBe(true);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT))).toBe(false);
});

test("a frame is what the buffer held when it was sent", () => {
  const own = new OwnFrames(WHOLE);
  const reused = Uint8Array.from(frame);
  own.sent(reused);
  reused.fill(0);
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT))).toBe(true);
});

test("a frame is known by the bytes of it that the capture keeps", () => {
  const own = new OwnFrames(20);
  own.sent(frame);
  expect(own.has(cursorAt(frame.subarray(0, 20), PACKET_DIRECTION_OUT, 61))).toBe(false);
  expect(own.has(cursorAt(frame.subarray(0, 20), PACKET_DIRECTION_OUT, 60))).toBe(true);
});

test("all frames of a burst are left out, however long the program takes before it looks at packets", () => {
  const own = new OwnFrames(WHOLE);
  const burst = Array.from({ length: 20_000 }, (_, number) => {
    const one = Buffer.from(frame);
    one.writeUInt32BE(number, 20);
    return one;
  });
  for (const one of burst) own.sent(one);
  expect(burst.filter((one) => !own.has(cursorAt(one, PACKET_DIRECTION_OUT)))).toEqual([]);
});

test("an equal packet of a later time is somebody else's", () => {
  const own = new OwnFrames(WHOLE);
  own.sent(frame);
  const later = Math.ceil(Date.now() / 1000) + 60;
  expect(own.has(cursorAt(frame, PACKET_DIRECTION_OUT, frame.length, later))).toBe(false);
});

test("the oldest frames are forgotten where nothing captures them", () => {
  const own = new OwnFrames(WHOLE);
  const large = Buffer.alloc(60_000);
  for (let number = 0; number < 600; number++) {
    large.writeUInt32BE(number, 20);
    own.sent(large);
  }
  expect(own.has(cursorAt(large, PACKET_DIRECTION_OUT))).toBe(true);
  large.writeUInt32BE(0, 20);
  expect(own.has(cursorAt(large, PACKET_DIRECTION_OUT))).toBe(false);
});
