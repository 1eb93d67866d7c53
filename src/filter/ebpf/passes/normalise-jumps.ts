/**
 * Gives jumps their targets instead of distances, and leads them past jumps that only jump on. A branch whose two
 * targets are equal becomes a jump.
 */
import type { Instruction, Program } from "../../classic/instruction.ts";
import type { Ending, StraightInstruction } from "./flow.ts";

/** Targets are indexes of instructions. */
export type NormalisedInstruction = StraightInstruction | Ending;

export function normaliseJumps(program: Program): NormalisedInstruction[] {
  return program.map((instruction, index) => {
    if (instruction.kind === "jump")
      return { kind: "jump", target: finalTarget(program, index + 1 + instruction.skip) };
    if (instruction.kind !== "branch") return instruction;
    const { comparison, operand } = instruction;
    const ifTrue = finalTarget(program, index + 1 + instruction.skipTrue);
    const ifFalse = finalTarget(program, index + 1 + instruction.skipFalse);
    if (ifTrue === ifFalse) return { kind: "jump", target: ifTrue };
    return { kind: "branch", comparison, operand, ifTrue, ifFalse };
  });
}

/** The loop ends because jumps only go forward. */
function finalTarget(program: Program, target: number): number {
  let index = target;
  for (;;) {
    const instruction: Instruction | undefined = program[index];
    if (instruction?.kind !== "jump") return index;
    index += 1 + instruction.skip;
  }
}
