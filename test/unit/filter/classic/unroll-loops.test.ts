import { describe, expect, test } from "vitest";
import { decode } from "../../../../src/filter/classic/decode.ts";
import type { RawInstruction } from "../../../../src/filter/classic/instruction.ts";
import { Interpreter } from "../../../../src/filter/classic/interpreter.ts";
import { CHAIN_LENGTH_MAX, unrollLoops } from "../../../../src/filter/classic/unroll-loops.ts";

/** Codes of linux/bpf_common.h. */
const instruction = (code: number, k = 0, jt = 0, jf = 0): RawInstruction => ({ code, jt, jf, k: k >>> 0 });
const add = (operand: number) => instruction(0x04, operand);
const jump = (skip: number) => instruction(0x05, skip);
const ifGreaterOrEqual = (operand: number, skipTrue: number, skipFalse: number) =>
  instruction(0x35, operand, skipTrue, skipFalse);
const RETURN_A = instruction(0x16);

/** Adds one to A until it is `limit`. */
const countTo = (limit: number) => [ifGreaterOrEqual(limit, 2, 0), add(1), jump(-3)];

function resultOf(program: readonly RawInstruction[]): number {
  const unrolled = unrollLoops(program);
  expect(unrolled.filter(({ code, k }) => code === 0x05 && k >= 0x8000_0000)).toEqual([]);
  return new Interpreter(decode(unrolled)).run(new Uint8Array(0), 0, 0, 0);
}

describe("a loop", () => {
  test.each([0, 1, 2, CHAIN_LENGTH_MAX])("runs %i times", (times) => {
    expect(resultOf([...countTo(times), add(1), RETURN_A])).toBe(times + 1);
  });

  test("that would run on ends the program without a match", () => {
    expect(resultOf([...countTo(CHAIN_LENGTH_MAX + 1), add(1), RETURN_A])).toBe(0);
    expect(resultOf([add(1), jump(-1), RETURN_A])).toBe(0);
  });

  test("may follow another one, and be left for it", () => {
    expect(resultOf([...countTo(5), ...countTo(20), RETURN_A])).toBe(20);
    expect(resultOf([...countTo(CHAIN_LENGTH_MAX), add(1), ...countTo(2 * CHAIN_LENGTH_MAX), RETURN_A])).toBe(
      2 * CHAIN_LENGTH_MAX,
    );
  });

  test("may be gone back to from two places", () => {
    const program = [
      ifGreaterOrEqual(9, 5, 0),
      ifGreaterOrEqual(4, 2, 0),
      add(1),
      jump(-4),
      add(2),
      jump(-6),
      RETURN_A,
    ];
    expect(resultOf(program)).toBe(10);
  });

  test.each([
    ["is entered behind its head", [ifGreaterOrEqual(0, 1, 0), add(1), add(2), jump(-3), RETURN_A]],
    ["is jumped into", [jump(1), add(1), add(2), jump(-3), RETURN_A]],
    ["lies in another", [add(1), add(1), jump(-2), jump(-4), RETURN_A]],
    ["begins before the program", [add(1), jump(-3), RETURN_A]],
    ["is left for behind the end", [ifGreaterOrEqual(0, 3, 0), add(1), jump(-3), RETURN_A]],
    ["overlaps another", [add(1), add(1), jump(-3), jump(-3), RETURN_A]],
  ])("that %s is none of libpcap's", (_, program) => {
    expect(() => unrollLoops(program)).toThrow(/loops are not those of protochain$/);
  });

  test("of none there is nothing to write out", () => {
    const program = [add(1), RETURN_A];
    expect(unrollLoops(program)).toBe(program);
  });
});
