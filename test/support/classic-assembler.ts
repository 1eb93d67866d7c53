/** Classic BPF from text in the notation of the kernel's bpf_asm (Documentation/networking/filter.rst). */
import type { RawInstruction } from "../../src/filter/classic/instruction.ts";

const LOADS: Readonly<Record<string, number>> = { ld: 0x00, ldh: 0x08, ldb: 0x10 };
const ALU: Readonly<Record<string, number>> = {
  add: 0x04,
  sub: 0x14,
  mul: 0x24,
  div: 0x34,
  or: 0x44,
  and: 0x54,
  lsh: 0x64,
  rsh: 0x74,
  mod: 0x94,
  xor: 0xa4,
};
const BRANCHES: Readonly<Record<string, number>> = { jeq: 0x15, jgt: 0x25, jge: 0x35, jset: 0x45 };
const SIMPLE: Readonly<Record<string, number>> = { neg: 0x84, tax: 0x07, txa: 0x87 };

/** One instruction a line, which a label may precede: "out: ret #0". Branches name both ways: "jeq #80, yes, no". */
export function assembleClassic(text: string): RawInstruction[] {
  const lines = text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const labels = new Map<string, number>();
  const statements = lines.map((line, index) => {
    const [, label, statement = ""] = /^(?:(\w+):)?\s*(.*)$/.exec(line) ?? [];
    if (label !== undefined) labels.set(label, index);
    return statement;
  });
  return statements.map((statement, index) => {
    const skipTo = (label: string | undefined): number => {
      const target = labels.get(label ?? "");
      if (target === undefined) throw new Error(`there is no label "${label}"`);
      return target - index - 1;
    };
    return assembleOne(statement, skipTo);
  });
}

function assembleOne(statement: string, skipTo: (label: string | undefined) => number): RawInstruction {
  const [name = "", ...rest] = statement.split(/\s+/);
  const [operand = "", ifTrue, ifFalse] = rest.join(" ").split(/,\s*/);
  const instruction = (code: number, k = 0, jt = 0, jf = 0): RawInstruction => ({ code, jt, jf, k });
  const scratch = /^M\[(\d+)\]$/.exec(operand)?.[1];
  const constant = /^#(\w+)$/.exec(operand)?.[1];
  const size = LOADS[name];
  if (name === "ret") return operand === "a" ? instruction(0x16) : instruction(0x06, Number(constant));
  if (name === "st" || name === "stx") return instruction(name === "st" ? 0x02 : 0x03, Number(scratch));
  if (name === "jmp") return instruction(0x05, skipTo(operand));
  if (SIMPLE[name] !== undefined) return instruction(SIMPLE[name]);
  if (name === "ldxb") return instruction(0xb1, Number(/^4\*\(\[(\d+)\]&0xf\)$/.exec(operand)?.[1]));
  if (size !== undefined || name === "ldx") {
    const base = size ?? 0x01;
    const place = /^\[(x \+ )?(\d+)\]$/.exec(operand);
    if (place !== null) return instruction(base | (place[1] === undefined ? 0x20 : 0x40), Number(place[2]));
    if (scratch !== undefined) return instruction(base | 0x60, Number(scratch));
    return operand === "len" ? instruction(base | 0x80) : instruction(base, Number(constant));
  }
  const [code, branch] = [ALU[name], BRANCHES[name]];
  const [source, k] = operand === "x" ? [8, 0] : [0, Number(constant)];
  if (code !== undefined) return instruction(code | source, k);
  if (branch !== undefined) return instruction(branch | source, k, skipTo(ifTrue), skipTo(ifFalse));
  throw new Error(`"${statement}" is no instruction`);
}
