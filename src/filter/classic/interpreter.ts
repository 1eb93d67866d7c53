/**
 * Runs classic BPF as libpcap does for files (bpf_filter() of bpf_filter.c). Registers of 32 bits start as 0. A program
 * that reads beyond the captured bytes or divides by zero does not match.
 */
import { RingcapError } from "../../errors.ts";
import {
  type AluOperator,
  type Comparison,
  type Instruction,
  type LoadSize,
  type Operand,
  type Program,
  SCRATCH_WORDS,
} from "./instruction.ts";
import { type EncodedProgram, execute } from "./interpreter-loop.ts";
import { Operation } from "./operations.ts";

export class Interpreter {
  readonly #program: EncodedProgram;
  readonly #readsScratch: boolean;

  /** @throws RingcapError USAGE that names what the program asks and a file does not know */
  constructor(program: Program) {
    this.#program = encodeAll(program);
    this.#readsScratch = program.some(({ kind }) => kind === "load-scratch");
  }

  /**
   * @param bytes the captured bytes of the packet are the `capturedLength` ones from `start` on
   * @param originalLength bytes on the wire, `len` in expressions
   * @returns what the program returns: 0, no match, or how many bytes to keep
   */
  run(bytes: Uint8Array, start: number, capturedLength: number, originalLength: number): number {
    if (this.#readsScratch) this.#program.scratch.fill(0);
    return execute(this.#program, bytes, start, capturedLength, originalLength);
  }
}

function encodeAll(program: Program): EncodedProgram {
  const operations = new Uint8Array(program.length);
  const constants = new Int32Array(program.length);
  const whenTrue = new Uint32Array(program.length);
  const whenFalse = new Uint32Array(program.length);
  for (const [index, instruction] of program.entries()) {
    const [operation, constant] = encode(instruction) ?? unknownToFiles(index, instruction);
    operations[index] = operation;
    constants[index] = constant;
    // The loop adds one to the index afterwards.
    if (instruction.kind === "jump") whenTrue[index] = index + instruction.skip;
    if (instruction.kind !== "branch") continue;
    whenTrue[index] = index + instruction.skipTrue;
    whenFalse[index] = index + instruction.skipFalse;
  }
  return { operations, constants, whenTrue, whenFalse, scratch: new Int32Array(SCRATCH_WORDS) };
}

const LOADS: Readonly<Record<LoadSize, readonly [absolute: number, indexed: number]>> = {
  1: [Operation.LOAD_BYTE, Operation.LOAD_INDEXED_BYTE],
  2: [Operation.LOAD_HALF, Operation.LOAD_INDEXED_HALF],
  4: [Operation.LOAD_WORD, Operation.LOAD_INDEXED_WORD],
};
const COMPARISONS: Readonly<Record<Comparison, number>> = {
  equal: Operation.EQUAL,
  greater: Operation.GREATER,
  "greater-or-equal": Operation.GREATER_OR_EQUAL,
  "any-bit": Operation.ANY_BIT,
};
const OPERATORS: Readonly<Record<AluOperator, number>> = {
  add: Operation.ADD,
  sub: Operation.SUB,
  mul: Operation.MUL,
  div: Operation.DIV,
  mod: Operation.MOD,
  and: Operation.AND,
  or: Operation.OR,
  xor: Operation.XOR,
  lsh: Operation.LSH,
  rsh: Operation.RSH,
};

/** The operation of an instruction and its constant; undefined for a value that only the kernel knows. */
function encode(instruction: Instruction): readonly [operation: number, constant: number] | undefined {
  switch (instruction.kind) {
    case "load-packet":
      return [LOADS[instruction.size][instruction.indexed ? 1 : 0], instruction.offset];
    case "load-header-length":
      return [Operation.LOAD_HEADER_LENGTH, instruction.offset];
    case "load-ancillary":
      return undefined;
    case "load-immediate":
      return [instruction.register === "A" ? Operation.IMMEDIATE_TO_A : Operation.IMMEDIATE_TO_X, instruction.value];
    case "load-length":
      return [instruction.register === "A" ? Operation.LENGTH_TO_A : Operation.LENGTH_TO_X, 0];
    case "load-scratch":
      return [instruction.register === "A" ? Operation.SCRATCH_TO_A : Operation.SCRATCH_TO_X, instruction.word];
    case "store-scratch":
      return [instruction.register === "A" ? Operation.STORE_A : Operation.STORE_X, instruction.word];
    case "alu":
      return withOperand(OPERATORS[instruction.operator], instruction.operand);
    case "negate":
      return [Operation.NEGATE, 0];
    case "transfer":
      return [instruction.to === "X" ? Operation.A_TO_X : Operation.X_TO_A, 0];
    case "jump":
      return [Operation.JUMP, 0];
    case "branch":
      return withOperand(COMPARISONS[instruction.comparison], instruction.operand);
    case "return":
      return instruction.value === "A" ? [Operation.RETURN_A, 0] : [Operation.RETURN_IMMEDIATE, instruction.value];
  }
}

function withOperand(operation: number, operand: Operand): readonly [number, number] {
  return operand === "X" ? [operation + 1, 0] : [operation, operand];
}

function unknownToFiles(index: number, instruction: Instruction): never {
  const operation = "compile the expression";
  const field = instruction.kind === "load-ancillary" ? instruction.field : instruction.kind;
  throw new RingcapError(
    `${operation}: instruction ${index} asks for "${field}", which the kernel knows of a packet and a capture file does not`,
    { code: "USAGE", operation, hint: "inbound, outbound and ifindex can be asked of captures only" },
  );
}
