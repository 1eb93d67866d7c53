/** A program as a graph: what the passes of the compiler hand to each other. */
import type { Comparison, Instruction, Operand, Register } from "../../classic/instruction.ts";

/** Instructions of which each is followed by the next. */
export type StraightInstruction = Exclude<Instruction, { kind: "jump" | "branch" | "return" }>;

/** What passes add to the instructions of the program. Where one fails, the packet does not match. */
export type Check =
  /** The packet has at least that many bytes: the loads up to there need no check of their own. */
  | { readonly kind: "guard"; readonly end: number }
  /** The packet has at least X + end bytes. */
  | { readonly kind: "guard-indexed"; readonly end: number }
  /** X is not zero. */
  | { readonly kind: "check-divisor" }
  /** Hides from the kernel's verifier what it knows of a register, so that paths that meet here look the same. */
  | { readonly kind: "forget"; readonly register: Register };

export type Step = StraightInstruction | Check;

/** How a block ends; targets are indexes of blocks, all of them further on. */
export type Ending =
  | { readonly kind: "return"; readonly value: number | "A" }
  | { readonly kind: "jump"; readonly target: number }
  | {
      readonly kind: "branch";
      readonly comparison: Comparison;
      readonly operand: Operand;
      readonly ifTrue: number;
      readonly ifFalse: number;
    };

/** Instructions that run one after the other, entered only at the first. */
export interface Block {
  readonly steps: readonly Step[];
  readonly ending: Ending;
}

export function successors(ending: Ending): number[] {
  switch (ending.kind) {
    case "return":
      return [];
    case "jump":
      return [ending.target];
    case "branch":
      return [ending.ifTrue, ending.ifFalse];
  }
}

/** The blocks from which each block is entered. */
export function predecessors(blocks: readonly Block[]): number[][] {
  const from: number[][] = blocks.map(() => []);
  for (const [index, { ending }] of blocks.entries()) {
    for (const target of new Set(successors(ending))) from[target]?.push(index);
  }
  return from;
}

/** What a step or an ending reads and writes; "M0" to "M15" are the words of scratch memory. */
export type Place = Register | `M${number}`;

export function readsOf(step: Step | Ending): Place[] {
  switch (step.kind) {
    case "load-packet":
      return step.indexed ? ["X"] : [];
    case "load-scratch":
      return [`M${step.word}`];
    case "store-scratch":
      return [step.register];
    case "alu":
    case "branch":
      return step.operand === "X" ? ["A", "X"] : ["A"];
    case "negate":
      return ["A"];
    case "transfer":
      return [step.to === "A" ? "X" : "A"];
    case "guard-indexed":
    case "check-divisor":
      return ["X"];
    case "return":
      return step.value === "A" ? ["A"] : [];
    default:
      return [];
  }
}

export function writeOf(step: Step | Ending): Place | undefined {
  switch (step.kind) {
    case "load-packet":
    case "load-ancillary":
    case "alu":
    case "negate":
      return "A";
    case "load-header-length":
      return "X";
    case "load-immediate":
    case "load-length":
    case "load-scratch":
      return step.register;
    case "store-scratch":
      return `M${step.word}`;
    case "transfer":
      return step.to;
    default:
      return undefined;
  }
}
