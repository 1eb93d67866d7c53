/**
 * libpcap's loops, of which there is one kind: `protochain` goes from header to header by jumping back. The kernel's
 * classic BPF has no loops, and a packet can keep one going for ever: the length of an authentication header leads libpcap
 * to an offset that may lie before it. So a loop is written out for as many headers as a chain may have, for every executor
 * alike; a packet whose chain goes on does not match.
 */
import type { Instruction, Program } from "./instruction.ts";

/** Headers that protochain passes over on its way to the one that it looks for. */
export const CHAIN_LENGTH_MAX = 16;

/** One more, which looks at what is behind the last header. */
const COPIES = CHAIN_LENGTH_MAX + 1;

/** From the instruction that is jumped back to, to the last that jumps back to it. */
interface Loop {
  readonly head: number;
  readonly end: number;
}

/** An instruction of the program in one of the copies of its loop, or in the only one if it is in none. */
interface Site {
  readonly index: number;
  readonly copy: number;
}

/**
 * Jumps back become jumps to the next copy of their loop.
 *
 * @param program jumps that lead back have a negative `skip`, and all lead to an instruction
 * @returns the program, whose jumps go forward only; undefined if its loops are not of libpcap's kind, of which each is
 *   entered at its head and none overlaps another
 */
export function unrollLoops(program: Program): Program | undefined {
  const loops = findLoops(program);
  if (loops.length === 0) return program;
  if (loops.some(({ head }, index) => head <= (loops[index - 1]?.end ?? -1))) return undefined;
  const unrolled: Instruction[] = [];
  for (const site of sitesOf(program.length, loops)) {
    const instruction = program[site.index];
    const led = instruction && lead(instruction, site, unrolled.length, loops);
    if (led === undefined) return undefined;
    unrolled.push(led);
  }
  return unrolled;
}

/** In their order. */
function findLoops(program: Program): Loop[] {
  const ends = new Map<number, number>();
  for (const [index, instruction] of program.entries()) {
    if (instruction.kind === "jump" && instruction.skip < 0) ends.set(index + 1 + instruction.skip, index);
  }
  return [...ends].map(([head, end]) => ({ head, end })).sort((a, b) => a.head - b.head);
}

function* sitesOf(length: number, loops: readonly Loop[]): Generator<Site> {
  let index = 0;
  for (const { head, end } of loops) {
    for (; index < head; index++) yield { index, copy: 0 };
    for (let copy = 0; copy < COPIES; copy++) {
      for (index = head; index <= end; index++) yield { index, copy };
    }
  }
  for (; index < length; index++) yield { index, copy: 0 };
}

/** Where a site is among those of sitesOf(). */
function placeOf({ index, copy }: Site, loops: readonly Loop[]): number {
  let place = index;
  for (const { head, end } of loops) {
    const length = end - head + 1;
    if (index > end) place += length * (COPIES - 1);
    else if (index >= head) place += length * copy;
  }
  return place;
}

/** An instruction as it is at its site, which is at `place`; undefined where it leads into the midst of a loop. */
function lead(instruction: Instruction, { index, copy }: Site, place: number, loops: readonly Loop[]) {
  const loopOf = (index: number) => loops.find(({ head, end }) => index >= head && index <= end);
  const here = loopOf(index);
  const skipTo = (skip: number): number | undefined => {
    const target = index + 1 + skip;
    const loop = loopOf(target);
    if (loop !== undefined && loop !== here && target !== loop.head) return undefined;
    const copyThere = loop !== here ? 0 : skip < 0 ? copy + 1 : copy;
    return placeOf({ index: target, copy: copyThere }, loops) - place - 1;
  };
  if (instruction.kind === "jump") {
    if (instruction.skip < 0 && copy === COPIES - 1) return { kind: "return", value: 0 } as const;
    const skip = skipTo(instruction.skip);
    return skip === undefined ? undefined : { ...instruction, skip };
  }
  if (instruction.kind !== "branch") return instruction;
  const [skipTrue, skipFalse] = [skipTo(instruction.skipTrue), skipTo(instruction.skipFalse)];
  return skipTrue === undefined || skipFalse === undefined ? undefined : { ...instruction, skipTrue, skipFalse };
}
