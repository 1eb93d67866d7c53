/** Emits a program of classic BPF as eBPF, block by block, over one way to read the packet. */
import type { AluOperator, Register as ClassicRegister, Comparison, Operand } from "../../classic/instruction.ts";
import { type Assembler, Label, type Register, type Source } from "../assembler.ts";
import { Alu, Jump } from "../opcodes.ts";
import type { Block, Ending, Place, Step } from "../passes/flow.ts";
import { A, FRAME, Stack, X, ZERO } from "./machine.ts";
import type { PacketAccess } from "./packet-access.ts";

export interface Exits {
  readonly match: Label;
  readonly noMatch: Label;
}

const OPERATORS: Readonly<Record<Exclude<AluOperator, "lsh" | "rsh">, number>> = {
  add: Alu.ADD,
  sub: Alu.SUB,
  mul: Alu.MUL,
  div: Alu.DIV,
  mod: Alu.MOD,
  and: Alu.AND,
  or: Alu.OR,
  xor: Alu.XOR,
};

/** For each comparison, the one that is true where it is false. There is none for common bits. */
const COMPARISONS: Readonly<Record<Comparison, { whenTrue: number; whenFalse?: number }>> = {
  equal: { whenTrue: Jump.JEQ, whenFalse: Jump.JNE },
  greater: { whenTrue: Jump.JGT, whenFalse: Jump.JLE },
  "greater-or-equal": { whenTrue: Jump.JGE, whenFalse: Jump.JLT },
  "any-bit": { whenTrue: Jump.JSET },
};

/**
 * Emits the blocks. Registers that are read before they are written are zero, and the verifier does not know that zero.
 */
export function emitBody(
  assembler: Assembler,
  blocks: readonly Block[],
  uninitialised: ReadonlySet<Place>,
  access: PacketAccess,
  exits: Exits,
): void {
  for (const place of uninitialised) {
    const register = place === "A" ? A : place === "X" ? X : undefined;
    if (register !== undefined) assembler.alu32(Alu.MOV, register, { register: ZERO });
    else assembler.store(4, FRAME, Stack.SCRATCH + 4 * Number(place.slice(1)), { register: ZERO });
  }
  // A block that only returns gets no code of its own. Jumps to it lead to the exit.
  const labels = blocks.map((block) => exitOf(block, exits) ?? new Label());
  for (const [index, block] of blocks.entries()) {
    const label = labels[index];
    if (label === undefined || (index > 0 && exitOf(block, exits) !== undefined)) continue;
    if (exitOf(block, exits) === undefined) assembler.place(label);
    for (const step of block.steps) emitStep(assembler, step, access, exits);
    emitEnding(assembler, block.ending, labels, index, exits);
  }
}

function exitOf({ steps, ending }: Block, exits: Exits): Label | undefined {
  if (steps.length > 0 || ending.kind !== "return" || ending.value === "A") return undefined;
  return ending.value === 0 ? exits.noMatch : exits.match;
}

function registerOf(register: ClassicRegister): Register {
  return register === "A" ? A : X;
}

function sourceOf(operand: Operand): Source {
  return operand === "X" ? { register: X } : { value: operand };
}

function emitStep(assembler: Assembler, step: Step, access: PacketAccess, exits: Exits): void {
  switch (step.kind) {
    case "guard":
      access.guard(step.end);
      break;
    case "guard-indexed":
      access.guardIndexed(step.end);
      break;
    case "load-packet":
      if (step.indexed) access.loadIndexed(step.size, step.offset);
      else access.load(step.size, step.offset);
      break;
    case "load-header-length":
      access.loadByte(X, step.offset);
      assembler.alu32(Alu.AND, X, { value: 0x0f });
      assembler.alu32(Alu.LSH, X, { value: 2 });
      break;
    case "load-ancillary":
      access.loadAncillary(step.field);
      break;
    case "load-immediate":
      assembler.alu32(Alu.MOV, registerOf(step.register), { value: step.value });
      break;
    case "load-length":
      access.loadLength(registerOf(step.register));
      break;
    case "load-scratch":
      assembler.load(4, registerOf(step.register), FRAME, Stack.SCRATCH + 4 * step.word);
      break;
    case "store-scratch":
      // Scratch words outlive many paths, so the verifier must forget what differs between the paths.
      assembler.alu32(Alu.MOV, 0, { register: registerOf(step.register) });
      assembler.alu32(Alu.ADD, 0, { register: ZERO });
      assembler.store(4, FRAME, Stack.SCRATCH + 4 * step.word, { register: 0 });
      break;
    case "alu":
      emitAlu(assembler, step.operator, step.operand);
      break;
    case "negate":
      assembler.negate32(A);
      break;
    case "transfer":
      assembler.alu32(Alu.MOV, registerOf(step.to), { register: step.to === "A" ? X : A });
      break;
    case "check-divisor":
      assembler.branch32(Jump.JEQ, X, { value: 0 }, exits.noMatch);
      break;
    case "forget":
      assembler.alu32(Alu.ADD, registerOf(step.register), { register: ZERO });
      break;
  }
}

function emitAlu(assembler: Assembler, operator: AluOperator, operand: Operand): void {
  if (operator !== "lsh" && operator !== "rsh") assembler.alu32(OPERATORS[operator], A, sourceOf(operand));
  else if (operand !== "X") assembler.alu32(operator === "lsh" ? Alu.LSH : Alu.RSH, A, { value: operand });
  else emitShift(assembler, operator === "lsh" ? Alu.LSH : Alu.RSH);
}

/** The shift is by X bits. */
function emitShift(assembler: Assembler, shift: number): void {
  // In classic BPF a shift by 32 or more gives 0. eBPF would shift by the remainder.
  const tooFar = new Label();
  const done = new Label();
  assembler.branch32(Jump.JGT, X, { value: 31 }, tooFar);
  assembler.alu32(shift, A, { register: X });
  assembler.jump(done);
  assembler.place(tooFar);
  assembler.alu32(Alu.MOV, A, { value: 0 });
  assembler.place(done);
}

function emitEnding(assembler: Assembler, ending: Ending, labels: readonly Label[], index: number, exits: Exits): void {
  const labelOf = (block: number): Label => {
    const label = labels[block];
    if (label === undefined) throw new Error(`there is no block ${block}`);
    return label;
  };
  switch (ending.kind) {
    case "return":
      if (ending.value === "A") assembler.branch32(Jump.JNE, A, { value: 0 }, exits.match);
      assembler.jump(ending.value === "A" || ending.value === 0 ? exits.noMatch : exits.match);
      break;
    case "jump":
      if (!isNext(ending.target, index, labels, exits)) assembler.jump(labelOf(ending.target));
      break;
    case "branch": {
      const { whenTrue, whenFalse } = COMPARISONS[ending.comparison];
      const operand = sourceOf(ending.operand);
      if (whenFalse !== undefined && isNext(ending.ifTrue, index, labels, exits)) {
        assembler.branch32(whenFalse, A, operand, labelOf(ending.ifFalse));
        break;
      }
      assembler.branch32(whenTrue, A, operand, labelOf(ending.ifTrue));
      if (!isNext(ending.ifFalse, index, labels, exits)) assembler.jump(labelOf(ending.ifFalse));
    }
  }
}

/** Whether the block's instructions come right after those of the block at index. */
function isNext(target: number, index: number, labels: readonly Label[], { match, noMatch }: Exits): boolean {
  const isExit = (label: Label | undefined): boolean => label === match || label === noMatch;
  if (isExit(labels[target])) return false;
  for (let block = index + 1; block < target; block++) if (!isExit(labels[block])) return false;
  return target > index;
}
