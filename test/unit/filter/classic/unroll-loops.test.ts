import { describe, expect, test } from "vitest";
import type { Instruction } from "../../../../src/filter/classic/instruction.ts";
import { Interpreter } from "../../../../src/filter/classic/interpreter.ts";
import { CHAIN_LENGTH_MAX, unrollLoops } from "../../../../src/filter/classic/unroll-loops.ts";

const add = (operand: number): Instruction => ({ kind: "alu", operator: "add", operand });
const jump = (skip: number): Instruction => ({ kind: "jump", skip });
const ifGreaterOrEqual = (operand: number, skipTrue: number, skipFalse: number): Instruction => {
  return { kind: "branch", comparison: "greater-or-equal", operand, skipTrue, skipFalse };
};
const RETURN_A: Instruction = { kind: "return", value: "A" };

/** Adds one to A until it is `limit`. */
const countTo = (limit: number) => [ifGreaterOrEqual(limit, 2, 0), add(1), jump(-3)];

function resultOf(program: readonly Instruction[]): number {
  const unrolled = unrollLoops(program);
  if (unrolled === undefined) throw new Error("the loops were refused");
  const skips = unrolled.flatMap((step) =>
    step.kind === "jump" ? [step.skip] : step.kind === "branch" ? [step.skipTrue, step.skipFalse] : [],
  );
  expect(Math.min(...skips)).toBeGreaterThanOrEqual(0);
  return new Interpreter(unrolled).run(new Uint8Array(0), 0, 0, 0);
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
    ["overlaps another", [add(1), add(1), jump(-3), jump(-3), RETURN_A]],
  ])("that %s is none of libpcap's", (_, program) => {
    expect(unrollLoops(program)).toBeUndefined();
  });

  test("of none there is nothing to write out", () => {
    const program = [add(1), RETURN_A];
    expect(unrollLoops(program)).toBe(program);
  });
});
