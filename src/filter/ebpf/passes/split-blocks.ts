/** Cuts the program into blocks, in its order, and leaves out what no path reaches. */
import type { Block, Ending, StraightInstruction } from "./flow.ts";
import { successors } from "./flow.ts";
import type { NormalisedInstruction } from "./normalise-jumps.ts";

export function splitBlocks(program: readonly NormalisedInstruction[]): Block[] {
  const reached = findReached(program);
  const blockOf = new Map([...reached].sort((a, b) => a - b).map((start, block) => [start, block]));
  const blockAt = (start: number): number => {
    const block = blockOf.get(start);
    if (block === undefined) throw new Error(`no block starts at instruction ${start}`);
    return block;
  };
  return [...blockOf.keys()].map((start) => {
    const steps: StraightInstruction[] = [];
    for (let index = start; ; index++) {
      const instruction = program[index];
      if (instruction === undefined) throw new Error("the program does not end in a return");
      if (index > start && reached.has(index)) return { steps, ending: { kind: "jump", target: blockAt(index) } };
      if (isEnding(instruction)) return { steps, ending: retarget(instruction, blockAt) };
      steps.push(instruction);
    }
  });
}

/** The first instructions of all blocks that are reached: the entry, and what jumps and branches lead to. */
function findReached(program: readonly NormalisedInstruction[]): Set<number> {
  const reached = new Set([0]);
  for (let index = 0, running = true; index < program.length; index++) {
    running ||= reached.has(index);
    const instruction = program[index];
    if (!running || instruction === undefined || !isEnding(instruction)) continue;
    for (const target of successors(instruction)) reached.add(target);
    running = false;
  }
  return reached;
}

function isEnding(instruction: NormalisedInstruction): instruction is Ending {
  return instruction.kind === "jump" || instruction.kind === "branch" || instruction.kind === "return";
}

function retarget(ending: Ending, blockAt: (start: number) => number): Ending {
  switch (ending.kind) {
    case "return":
      return ending;
    case "jump":
      return { kind: "jump", target: blockAt(ending.target) };
    case "branch":
      return { ...ending, ifTrue: blockAt(ending.ifTrue), ifFalse: blockAt(ending.ifFalse) };
  }
}
