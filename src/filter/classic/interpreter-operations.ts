/** Instructions as the interpreter's loop wants them: a number for what is to be done, and a constant. */
import type { AluOperator, Comparison, Instruction, LoadSize, Operand } from "./instruction.ts";

export const LOAD_BYTE = 0;
export const LOAD_HALF = 1;
export const LOAD_WORD = 2;
export const LOAD_INDEXED_BYTE = 3;
export const LOAD_INDEXED_HALF = 4;
export const LOAD_INDEXED_WORD = 5;
export const LOAD_HEADER_LENGTH = 6;
export const IMMEDIATE_TO_A = 7;
export const IMMEDIATE_TO_X = 8;
export const LENGTH_TO_A = 9;
export const LENGTH_TO_X = 10;
export const SCRATCH_TO_A = 11;
export const SCRATCH_TO_X = 12;
export const STORE_A = 13;
export const STORE_X = 14;
export const NEGATE = 15;
export const A_TO_X = 16;
export const X_TO_A = 17;
export const JUMP = 18;
export const RETURN_IMMEDIATE = 19;
export const RETURN_A = 20;
// Of these the next number is the same with X for the operand.
export const EQUAL = 22;
export const GREATER = 24;
export const GREATER_OR_EQUAL = 26;
export const ANY_BIT = 28;
export const ADD = 30;
export const SUB = 32;
export const MUL = 34;
export const DIV = 36;
export const MOD = 38;
export const AND = 40;
export const OR = 42;
export const XOR = 44;
export const LSH = 46;
export const RSH = 48;

const LOADS: Readonly<Record<LoadSize, readonly [absolute: number, indexed: number]>> = {
  1: [LOAD_BYTE, LOAD_INDEXED_BYTE],
  2: [LOAD_HALF, LOAD_INDEXED_HALF],
  4: [LOAD_WORD, LOAD_INDEXED_WORD],
};
const COMPARISONS: Readonly<Record<Comparison, number>> = {
  equal: EQUAL,
  greater: GREATER,
  "greater-or-equal": GREATER_OR_EQUAL,
  "any-bit": ANY_BIT,
};
const OPERATORS: Readonly<Record<AluOperator, number>> = {
  add: ADD,
  sub: SUB,
  mul: MUL,
  div: DIV,
  mod: MOD,
  and: AND,
  or: OR,
  xor: XOR,
  lsh: LSH,
  rsh: RSH,
};

/** What an instruction does, and its constant; undefined for what only the kernel knows of a packet. */
export function encode(instruction: Instruction): readonly [operation: number, constant: number] | undefined {
  switch (instruction.kind) {
    case "load-packet":
      return [LOADS[instruction.size][instruction.indexed ? 1 : 0], instruction.offset];
    case "load-header-length":
      return [LOAD_HEADER_LENGTH, instruction.offset];
    case "load-ancillary":
      return undefined;
    case "load-immediate":
      return [instruction.register === "A" ? IMMEDIATE_TO_A : IMMEDIATE_TO_X, instruction.value];
    case "load-length":
      return [instruction.register === "A" ? LENGTH_TO_A : LENGTH_TO_X, 0];
    case "load-scratch":
      return [instruction.register === "A" ? SCRATCH_TO_A : SCRATCH_TO_X, instruction.word];
    case "store-scratch":
      return [instruction.register === "A" ? STORE_A : STORE_X, instruction.word];
    case "alu":
      return withOperand(OPERATORS[instruction.operator], instruction.operand);
    case "negate":
      return [NEGATE, 0];
    case "transfer":
      return [instruction.to === "X" ? A_TO_X : X_TO_A, 0];
    case "jump":
      return [JUMP, 0];
    case "branch":
      return withOperand(COMPARISONS[instruction.comparison], instruction.operand);
    case "return":
      return instruction.value === "A" ? [RETURN_A, 0] : [RETURN_IMMEDIATE, instruction.value];
  }
}

function withOperand(operation: number, operand: Operand): readonly [number, number] {
  return operand === "X" ? [operation + 1, 0] : [operation, operand];
}
