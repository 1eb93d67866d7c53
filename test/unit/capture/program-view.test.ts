import { expect, test } from "vitest";
import { parseChain, parseProgram } from "../../../src/capture/program-view.ts";

test("a chain has its revision and its programs in their order", () => {
  const told = Buffer.alloc(16);
  told.writeBigUInt64LE(7n, 0);
  told.writeUInt32LE(300, 8);
  told.writeUInt32LE(20, 12);
  expect(parseChain(told)).toEqual({ revision: 7n, programIds: [300, 20] });
});

test("where nothing is told there is no chain, and no program", () => {
  expect(parseChain(undefined)).toBeUndefined();
  expect(parseChain(Buffer.alloc(0))).toBeUndefined();
  expect(parseProgram(Buffer.alloc(0))).toBeUndefined();
});

test.each([
  [0, []],
  [1, ["ringcap_watches"]],
  [2, ["ringcap_drops"]],
])("a program with the marks %d uses the maps %j", (marks, maps) => {
  const told = Buffer.alloc(20);
  told.writeUInt32LE(marks, 0);
  told.write("capture_tc", 4, "latin1");
  expect(parseProgram(told)).toEqual({ name: "capture_tc", maps });
});
