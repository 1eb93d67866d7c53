import { expect, test } from "vitest";
import { checkLength, checkMinBytes, checkOpen } from "../../../src/cap/arguments.ts";
import { Cap } from "../../../src/cap/cap.ts";

const buffer = Buffer.alloc(100);

test.each([
  [[], "Expecting 4 arguments"],
  [["v0", "", 0], "Expecting 4 arguments"],
  [[1, "", 0, buffer], "device must be a string"],
  [["v0", undefined, 0, buffer], "filter must be a string"],
  [["v0", "", -1, buffer], "bufSize must be a positive integer"],
  [["v0", "", 1.5, buffer], "bufSize must be a positive integer"],
  [["v0", "", 2 ** 32, buffer], "bufSize must be a positive integer"],
  [["v0", "", "1", buffer], "bufSize must be a positive integer"],
  [["v0", "", 0, []], "buffer must be a Buffer"],
  [["v0", "", 0, new ArrayBuffer(8)], "buffer must be a Buffer"],
])("open(%o) is refused in the words of npm's cap", (args, message) => {
  expect(() => checkOpen(args)).toThrow(new TypeError(message));
});

test("open() takes what findDevice() returns, and refuses that it found none", () => {
  const device: ReturnType<typeof Cap.findDevice> = undefined;
  expect(() => new Cap().open(device, "", 0, buffer)).toThrow(new TypeError("device must be a string"));
});

test("every view on bytes is a buffer, and further arguments are nothing", () => {
  const words = new Uint32Array(buffer.buffer, 8, 4);
  const { buffer: bytes, ...others } = checkOpen(["v0", "tcp", 2 ** 32 - 1, words, "more"]);
  expect(others).toEqual({ device: "v0", filter: "tcp", bufferSize: 2 ** 32 - 1 });
  expect([bytes.buffer, bytes.byteOffset, bytes.byteLength]).toEqual([buffer.buffer, 8, 16]);
});

test.each([
  [[], "the first parameter must be a buffer"],
  [["frame"], "first parameter must be a buffer"],
  [[buffer, undefined], "length must be a positive integer"],
  [[buffer, -1], "length must be a positive integer"],
  [[buffer, 101], "size must be smaller or equal to buffer length"],
])("send(%o) is refused in the words of npm's cap", (args, message) => {
  expect(() => checkLength(args)).toThrow(new TypeError(message));
});

test("a frame is the whole buffer, or so many bytes of it", () => {
  expect(checkLength([buffer])).toHaveLength(100);
  expect(checkLength([buffer, 60])).toEqual(new Uint8Array(60));
});

test.each([
  [[], "missing min bytes value"],
  [["1"], "min bytes must be a positive number"],
])("setMinBytes(%o) is refused in the words of npm's cap", (args, message) => {
  expect(() => checkMinBytes(args)).toThrow(new TypeError(message));
});
