/**
 * Decodes codes into instructions. It refuses by name what the kernel would refuse and what has no meaning for a
 * capture.
 */
import { type ErrorCode, RingcapError } from "../../errors.ts";
import {
  type Instruction,
  PACKET_OFFSET_MAX,
  PROGRAM_LENGTH_MAX,
  type Program,
  type RawInstruction,
  SCRATCH_WORDS,
} from "./instruction.ts";
import * as opcodes from "./opcodes.ts";
import { unrollLoops } from "./unroll-loops.ts";

const { Class, Mode } = opcodes;

/**
 * Decodes and checks a program, and writes out its loops.
 *
 * @throws RingcapError USAGE that names the instruction and what is wrong with it
 */
export function decode(raw: readonly RawInstruction[]): Program {
  if (raw.length === 0) throw refusal("the program is empty");
  if (raw.length > PROGRAM_LENGTH_MAX) {
    throw refusal(
      `it has ${raw.length} instructions, more than ${PROGRAM_LENGTH_MAX}`,
      "ask less, or use the filter options: a list of ports or networks costs the same however long it is",
    );
  }
  return unrollLoops(raw).map((instruction, index, { length }) => {
    try {
      const decoded = decodeOne(instruction);
      checkTargets(decoded, index, length);
      return decoded;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw refusal(`instruction ${index}: ${error.message}`, error.hint);
    }
  });
}

class Refusal extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

function refusal(message: string, hint?: string): RingcapError {
  const operation = "compile the expression";
  const code: ErrorCode = "USAGE";
  return new RingcapError(`${operation}: ${message}`, { code, operation, hint });
}

function decodeOne(raw: RawInstruction): Instruction {
  switch (raw.code & 0x07) {
    case Class.LD:
      return decodeLoad(raw);
    case Class.LDX:
      return decodeIndexLoad(raw);
    case Class.ST:
    case Class.STX:
      if ((raw.code & ~0x07) !== 0) throw unknownCode(raw);
      return { kind: "store-scratch", register: (raw.code & 0x07) === Class.ST ? "A" : "X", word: scratchWord(raw.k) };
    case Class.ALU:
      return decodeAlu(raw);
    case Class.JMP:
      return decodeJump(raw);
    case Class.RET:
      if (raw.code === opcodes.RET_K) return { kind: "return", value: raw.k };
      if (raw.code === opcodes.RET_A) return { kind: "return", value: "A" };
      throw unknownCode(raw);
    default:
      if (raw.code === opcodes.MISC_TAX) return { kind: "transfer", to: "X" };
      if (raw.code === opcodes.MISC_TXA) return { kind: "transfer", to: "A" };
      throw unknownCode(raw);
  }
}

function decodeLoad(raw: RawInstruction): Instruction {
  const size = opcodes.SIZES.get(raw.code & 0x18);
  const mode = raw.code & ~0x1f;
  if (size === undefined) throw unknownCode(raw);
  if (mode === Mode.ABS) {
    if (raw.k >= opcodes.LINK_LAYER_OFFSET) return decodeSpecialLoad(raw.k);
    return { kind: "load-packet", size, offset: packetOffset(raw.k), indexed: false };
  }
  if (mode === Mode.IND) return { kind: "load-packet", size, offset: packetOffset(raw.k), indexed: true };
  if (size !== 4) throw unknownCode(raw);
  return decodeRegisterLoad(raw, "A");
}

function decodeSpecialLoad(k: number): Instruction {
  if (k < opcodes.ANCILLARY_OFFSET) {
    const base = k >= opcodes.NETWORK_OFFSET ? "network (SKF_NET_OFF)" : "link-layer (SKF_LL_OFF)";
    throw new Refusal(`loads relative to the ${base} header are not supported`);
  }
  const field = k - opcodes.ANCILLARY_OFFSET;
  if (field === opcodes.ANCILLARY_XOR) return { kind: "alu", operator: "xor", operand: "X" };
  const name = opcodes.ANCILLARY_FIELDS.get(field);
  if (name === undefined) throw new Refusal(`there is no ancillary load ${field}`);
  return { kind: "load-ancillary", field: name };
}

function decodeIndexLoad(raw: RawInstruction): Instruction {
  if (raw.code === (Class.LDX | Mode.MSH | 0x10)) {
    return { kind: "load-header-length", offset: packetOffset(raw.k) };
  }
  if ((raw.code & 0x18) !== 0) throw unknownCode(raw);
  return decodeRegisterLoad(raw, "X");
}

function decodeRegisterLoad(raw: RawInstruction, register: "A" | "X"): Instruction {
  switch (raw.code & ~0x1f) {
    case Mode.IMM:
      return { kind: "load-immediate", register, value: raw.k };
    case Mode.LEN:
      return { kind: "load-length", register };
    case Mode.MEM:
      return { kind: "load-scratch", register, word: scratchWord(raw.k) };
    default:
      throw unknownCode(raw);
  }
}

function decodeAlu(raw: RawInstruction): Instruction {
  if (raw.code === (Class.ALU | opcodes.ALU_NEG)) return { kind: "negate" };
  const operator = opcodes.ALU_OPERATORS.get(raw.code & 0xf0);
  if (operator === undefined || raw.code > 0xff) throw unknownCode(raw);
  const operand = operandOf(raw);
  if ((operator === "div" || operator === "mod") && operand === 0) throw new Refusal("it divides by zero");
  if ((operator === "lsh" || operator === "rsh") && operand !== "X" && operand > 31) {
    throw new Refusal(`it shifts by ${operand} bits, and a register has 32`);
  }
  return { kind: "alu", operator, operand };
}

function decodeJump(raw: RawInstruction): Instruction {
  if (raw.code === (Class.JMP | opcodes.JMP_JA)) {
    return { kind: "jump", skip: raw.k };
  }
  const comparison = opcodes.COMPARISONS.get(raw.code & 0xf0);
  if (comparison === undefined || raw.code > 0xff) throw unknownCode(raw);
  return { kind: "branch", comparison, operand: operandOf(raw), skipTrue: raw.jt, skipFalse: raw.jf };
}

function operandOf(raw: RawInstruction): number | "X" {
  return (raw.code & opcodes.SOURCE_X) !== 0 ? "X" : raw.k;
}

function packetOffset(k: number): number {
  if (k > PACKET_OFFSET_MAX) {
    throw new Refusal(`it loads from offset ${k}; offsets beyond ${PACKET_OFFSET_MAX} (64 KiB) are not supported`);
  }
  return k;
}

function scratchWord(k: number): number {
  if (k >= SCRATCH_WORDS)
    throw new Refusal(`there is no scratch word ${k}; they are numbered 0 to ${SCRATCH_WORDS - 1}`);
  return k;
}

function unknownCode({ code }: RawInstruction): Refusal {
  return new Refusal(`0x${code.toString(16)} is no code of classic BPF`);
}

/** The last instruction must end the program, and jumps must stay inside it. */
function checkTargets(instruction: Instruction, index: number, length: number): void {
  const skips =
    instruction.kind === "jump"
      ? [instruction.skip]
      : instruction.kind === "branch"
        ? [instruction.skipTrue, instruction.skipFalse]
        : instruction.kind === "return"
          ? []
          : [0];
  for (const skip of skips) {
    if (index + 1 + skip < length) continue;
    throw new Refusal(
      instruction.kind === "jump" || instruction.kind === "branch"
        ? "it jumps beyond the end"
        : "nothing follows it, and it is no return",
    );
  }
}
