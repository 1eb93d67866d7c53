/** Generated eBPF as text, in the notation of LLVM and of the verifier's log; jumps name the instruction they lead to. */
import { type AssembledProgram, LITTLE_ENDIAN } from "./assembler.ts";
import {
  Alu,
  Class,
  Helper,
  INSTRUCTION_SIZE,
  Jump,
  LOAD_IMMEDIATE_64,
  PSEUDO_CALL,
  SOURCE_REGISTER,
  WIDTHS,
} from "./opcodes.ts";

interface Fields {
  readonly code: number;
  readonly destination: number;
  readonly source: number;
  readonly offset: number;
  readonly immediate: number;
}

const ALU_SIGNS: ReadonlyMap<number, string> = new Map([
  [Alu.ADD, "+="],
  [Alu.SUB, "-="],
  [Alu.MUL, "*="],
  [Alu.DIV, "/="],
  [Alu.OR, "|="],
  [Alu.AND, "&="],
  [Alu.LSH, "<<="],
  [Alu.RSH, ">>="],
  [Alu.MOD, "%="],
  [Alu.XOR, "^="],
  [Alu.MOV, "="],
  [Alu.ARSH, "s>>="],
]);
const JUMP_SIGNS: ReadonlyMap<number, string> = new Map([
  [Jump.JEQ, "=="],
  [Jump.JGT, ">"],
  [Jump.JGE, ">="],
  [Jump.JSET, "&"],
  [Jump.JNE, "!="],
  [Jump.JSGT, "s>"],
  [Jump.JSGE, "s>="],
  [Jump.JLT, "<"],
  [Jump.JLE, "<="],
  [Jump.JSLT, "s<"],
]);
const WIDTH_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(WIDTHS).map(([bytes, width]) => [width, `u${Number(bytes) * 8}`]),
);
const HELPER_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(Helper).map(([name, number]) => [number, name]),
);
const BITWISE: ReadonlySet<number> = new Set([Alu.AND, Alu.OR, Alu.XOR]);

/** One line for each instruction, from "0: " on; loads of 64 bits are two instructions and one line. */
export function disassembleEbpf({ bytes, maps }: AssembledProgram): string[] {
  const lines: string[] = [];
  const mapAt = new Map(maps.map(({ index, map }) => [index, map]));
  const count = bytes.length / INSTRUCTION_SIZE;
  const width = String(count - 1).length;
  for (let index = 0; index < count; index++) {
    const fields = fieldsOf(bytes, index);
    const map = mapAt.get(index);
    const text = map === undefined ? textOf(fields, index) : `r${fields.destination} = map ${map}`;
    lines.push(`${String(index).padStart(width)}: ${text}`);
    if (fields.code === LOAD_IMMEDIATE_64) index++;
  }
  return lines;
}

function fieldsOf(bytes: Uint8Array, index: number): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset + index * INSTRUCTION_SIZE, INSTRUCTION_SIZE);
  const registers = view.getUint8(1);
  const [low, high] = [registers & 0x0f, registers >> 4];
  return {
    code: view.getUint8(0),
    destination: LITTLE_ENDIAN ? low : high,
    source: LITTLE_ENDIAN ? high : low,
    offset: view.getInt16(2, LITTLE_ENDIAN),
    immediate: view.getInt32(4, LITTLE_ENDIAN),
  };
}

function textOf(fields: Fields, index: number): string {
  const { code, destination, source, offset, immediate } = fields;
  switch (code & 0x07) {
    case Class.LD:
      return `r${destination} = ${immediate} ll`;
    case Class.LDX:
      return `r${destination} = ${memory(code, source, offset)}`;
    case Class.ST:
      return `${memory(code, destination, offset)} = ${immediate}`;
    case Class.STX:
      return `${memory(code, destination, offset)} = r${source}`;
    case Class.ALU:
      return aluText(fields, "w");
    case Class.ALU64:
      return aluText(fields, "r");
    case Class.JMP32:
      return `${branchText(fields, "w")} goto ${index + 1 + offset}`;
    default:
      return jumpText(fields, index);
  }
}

function memory(code: number, base: number, offset: number): string {
  return `*(${WIDTH_NAMES.get(code & 0x18)} *)(r${base} ${offset < 0 ? "-" : "+"} ${Math.abs(offset)})`;
}

function aluText({ code, destination, source, immediate }: Fields, letter: "r" | "w"): string {
  const operator = code & 0xf0;
  const register = `${letter}${destination}`;
  if (operator === Alu.NEG) return `${register} = -${register}`;
  if (operator === Alu.END) return `r${destination} = ${isFromSource(code) ? "be" : "le"}${immediate} r${destination}`;
  const operand = isFromSource(code) ? `${letter}${source}` : constant(immediate, BITWISE.has(operator));
  return `${register} ${ALU_SIGNS.get(operator)} ${operand}`;
}

function branchText({ code, destination, source, immediate }: Fields, letter: "r" | "w"): string {
  const operand = isFromSource(code) ? `${letter}${source}` : constant(immediate, letter === "w");
  return `if ${letter}${destination} ${JUMP_SIGNS.get(code & 0xf0)} ${operand}`;
}

function jumpText(fields: Fields, index: number): string {
  const { code, source, offset, immediate } = fields;
  switch (code & 0xf0) {
    case Jump.JA:
      return `goto ${index + 1 + offset}`;
    case Jump.EXIT:
      return "exit";
    case Jump.CALL:
      if (source === PSEUDO_CALL) return `call ${index + 1 + immediate}`;
      return `call ${HELPER_NAMES.get(immediate) ?? immediate}`;
    default:
      return `${branchText(fields, "r")} goto ${index + 1 + offset}`;
  }
}

function isFromSource(code: number): boolean {
  return (code & SOURCE_REGISTER) !== 0;
}

/** Bits and what packets hold read best as hexadecimal digits. */
function constant(value: number, isHexadecimal: boolean): string {
  return isHexadecimal && (value < 0 || value > 9) ? `0x${(value >>> 0).toString(16)}` : String(value);
}
