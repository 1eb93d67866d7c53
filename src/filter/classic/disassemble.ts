/** Classic BPF as `tcpdump -d`, `-dd` and `-ddd` print it (bpf_image.c and bpf_dump.c of libpcap). */
import type { RawInstruction } from "./instruction.ts";
import * as opcodes from "./opcodes.ts";

const { Class, Mode } = opcodes;

/** In the order of the fields, from SKF_AD_OFF on, four apart. */
const ANCILLARY_NAMES = [
  ...["proto", "type", "ifidx", "nla", "nlan", "mark", "queue", "hatype"],
  ...["rxhash", "cpu", "xor_x", "vlan_tci", "vlanp", "poff", "random", "vlan_tpid"],
];
const SIZE_SUFFIXES: Readonly<Record<number, string>> = { 1: "b", 2: "h", 4: "" };
const COMPARISON_NAMES = {
  equal: "jeq",
  greater: "jgt",
  "greater-or-equal": "jge",
  "any-bit": "jset",
} as const;
const BITWISE: ReadonlySet<string> = new Set(["and", "or", "xor"]);

/** One line for each instruction, as of `tcpdump -d`. */
export function disassemble(program: readonly RawInstruction[]): string {
  return program.map(lineOf).join("\n");
}

/** As of `tcpdump -dd`: a fragment of C. */
export function toCFragment(program: readonly RawInstruction[]): string {
  return program
    .map(({ code, jt, jf, k }) => `{ ${hexadecimal(code)}, ${jt}, ${jf}, 0x${k.toString(16).padStart(8, "0")} },`)
    .join("\n");
}

/** As of `tcpdump -ddd`: decimal numbers, their count first. */
export function toDecimalNumbers(program: readonly RawInstruction[]): string {
  return [`${program.length}`, ...program.map(({ code, jt, jf, k }) => `${code} ${jt} ${jf} ${k}`)].join("\n");
}

function lineOf(instruction: RawInstruction, index: number): string {
  const { code, jt, jf } = instruction;
  const [name, operand] = textOf(instruction, index);
  const line = `(${String(index).padStart(3, "0")}) ${name.padEnd(8)} `;
  if ((code & 0x07) !== Class.JMP || (code & 0xf0) === opcodes.JMP_JA) return line + operand;
  return `${line}${operand.padEnd(16)} jt ${index + 1 + jt}\tjf ${index + 1 + jf}`;
}

function textOf(instruction: RawInstruction, index: number): readonly [name: string, operand: string] {
  const { code, k } = instruction;
  switch (code & 0x07) {
    case Class.LD:
      return loadText(instruction);
    case Class.LDX:
      if (code === (Class.LDX | Mode.MSH | 0x10)) return ["ldxb", `4*([${signed(k)}]&0xf)`];
      return ["ldx", registerOperand(instruction)];
    case Class.ST:
      return ["st", `M[${signed(k)}]`];
    case Class.STX:
      return ["stx", `M[${signed(k)}]`];
    case Class.ALU:
      return aluText(instruction);
    case Class.JMP: {
      if ((code & 0xf0) === opcodes.JMP_JA) return ["ja", `${(index + 1 + k) | 0}`];
      const comparison = opcodes.COMPARISONS.get(code & 0xf0);
      return comparison === undefined
        ? unknown(code)
        : [COMPARISON_NAMES[comparison], operandText(code, hexadecimal(k))];
    }
    case Class.RET:
      return ["ret", code === opcodes.RET_A ? "" : `#${signed(k)}`];
    default:
      return [code === opcodes.MISC_TXA ? "txa" : "tax", ""];
  }
}

function loadText(instruction: RawInstruction): readonly [string, string] {
  const { code, k } = instruction;
  const size = opcodes.SIZES.get(code & 0x18);
  if (size === undefined) return unknown(code);
  const name = `ld${SIZE_SUFFIXES[size]}`;
  if ((code & 0xe0) === Mode.IND) return [name, `[x + ${signed(k)}]`];
  if ((code & 0xe0) !== Mode.ABS) return [name, registerOperand(instruction)];
  const ancillary = k % 4 === 0 ? ANCILLARY_NAMES[(k - opcodes.ANCILLARY_OFFSET) / 4] : undefined;
  return [name, `[${ancillary ?? signed(k)}]`];
}

function registerOperand({ code, k }: RawInstruction): string {
  const mode = code & 0xe0;
  return mode === Mode.LEN ? "#pktlen" : mode === Mode.MEM ? `M[${signed(k)}]` : `#${hexadecimal(k)}`;
}

function aluText({ code, k }: RawInstruction): readonly [string, string] {
  if ((code & 0xf0) === opcodes.ALU_NEG) return ["neg", ""];
  const operator = opcodes.ALU_OPERATORS.get(code & 0xf0);
  if (operator === undefined) return unknown(code);
  return [operator, operandText(code, BITWISE.has(operator) ? hexadecimal(k) : String(signed(k)))];
}

function operandText(code: number, constant: string): string {
  return (code & opcodes.SOURCE_X) !== 0 ? "x" : `#${constant}`;
}

function unknown(code: number): readonly [string, string] {
  return ["unimp", hexadecimal(code)];
}

function hexadecimal(value: number): string {
  return `0x${value.toString(16)}`;
}

/** As C prints an unsigned number with %d. */
function signed(value: number): number {
  return value | 0;
}
