/**
 * Writes out the loops of libpcap. There is one kind of them: `protochain` goes from header to header by jumping back.
 * The kernel's classic BPF has no loops. A packet can also keep such a loop going for ever, because the length of an
 * authentication header can lead libpcap to an offset before that header. A loop is therefore written out for as many
 * headers as a chain may have, for every executor alike. A packet whose chain is longer does not match.
 */
import { RingcapError } from "../../errors.ts";
import { ClassicBuilder } from "./builder.ts";
import type { RawInstruction } from "./instruction.ts";
import { Class, JMP_JA } from "./opcodes.ts";

/** How many headers protochain skips on its way to the one that it looks for. */
export const CHAIN_LENGTH_MAX = 16;

/** One copy more looks at what lies behind the last header. */
const COPIES = CHAIN_LENGTH_MAX + 1;

/** The loop: from the instruction that is jumped back to, up to the last one that jumps back to it. */
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
 * A jump back becomes a jump to the next copy of its loop.
 *
 * @returns a program whose jumps go forward only
 * @throws RingcapError USAGE for loops that are not libpcap's, of which each is entered at its head and none overlaps another
 */
export function unrollLoops(program: readonly RawInstruction[]): readonly RawInstruction[] {
  const loops = findLoops(program);
  if (loops.length === 0) return program;
  if (loops.some(({ head }, index) => head <= (loops[index - 1]?.end ?? -1))) throw foreignLoops();
  const length = program.length;
  const builder = new ClassicBuilder();
  for (const site of sitesOf(length, loops)) {
    builder.place(nameOf(site));
    const instruction = program[site.index];
    if (instruction !== undefined) append(builder, instruction, site, { loops, length });
  }
  return builder.finish();
}

function foreignLoops(): RingcapError {
  const operation = "compile the expression";
  return new RingcapError(`${operation}: its loops are not those of protochain`, { code: "USAGE", operation });
}

function isJump({ code }: RawInstruction): boolean {
  return code === (Class.JMP | JMP_JA);
}

/** In their order. */
function findLoops(program: readonly RawInstruction[]): Loop[] {
  const ends = new Map<number, number>();
  for (const [index, instruction] of program.entries()) {
    const target = index + 1 + (instruction.k | 0);
    if (isJump(instruction) && target <= index) ends.set(target, index);
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

function nameOf({ index, copy }: Site): string {
  return `${index} ${copy}`;
}

/** An instruction as it is at its site. */
function append(
  builder: ClassicBuilder,
  instruction: RawInstruction,
  site: Site,
  { loops, length }: { readonly loops: readonly Loop[]; readonly length: number },
): void {
  const { code, jt, jf, k } = instruction;
  const loopOf = (index: number) => loops.find(({ head, end }) => index >= head && index <= end);
  const here = loopOf(site.index);
  const goto = (target: number) => {
    const loop = loopOf(target);
    const isInside = loop !== undefined && loop !== here && target !== loop.head;
    if (isInside || target >= length) throw foreignLoops();
    const copy = loop !== here ? 0 : target <= site.index ? site.copy + 1 : site.copy;
    if (copy === COPIES) builder.return(0);
    else builder.goto(nameOf({ index: target, copy }));
  };
  const next = site.index + 1;
  if (isJump(instruction)) {
    goto(next + (k | 0));
  } else if ((code & 0x07) !== Class.JMP) {
    builder.append(instruction);
  } else if (jf === 0) {
    builder.append({ code, jt: 0, jf: 1, k });
    goto(next + jt);
  } else {
    builder.append({ code, jt: jt === 0 ? 1 : 0, jf: jt === 0 ? 0 : 1, k });
    if (jt !== 0) goto(next + jt);
    goto(next + jf);
  }
}
