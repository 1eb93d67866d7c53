/** Programs of classic BPF of the greatest length that the kernel takes (BPF_MAXINSNS of linux/bpf_common.h). */
import type { RawInstruction } from "../../src/filter/classic/instruction.ts";
import { assembleClassic } from "./classic-assembler.ts";
import { randomProgram } from "./random-classic.ts";

export const PROGRAM_LENGTH_MAX = 4096;

/** A program of the greatest length: the lines again and again, then a return that depends on A. */
function repeated(lines: (round: number) => string): RawInstruction[] {
  const end = assembleClassic("jset #0x55, yes, no\nyes: ret #1\nno: ret #0");
  const program: RawInstruction[] = [];
  for (let round = 0; ; round++) {
    const next = assembleClassic(lines(round));
    if (program.length + next.length > PROGRAM_LENGTH_MAX - end.length) break;
    program.push(...next);
  }
  while (program.length < PROGRAM_LENGTH_MAX - end.length) program.push(...assembleClassic("ld len"));
  return [...program, ...end];
}

/** Shapes that ask the most of the verifier: thousands of bounds to check, of paths that meet, of unknown offsets. */
export const largestPrograms: readonly (readonly [name: string, program: RawInstruction[]])[] = [
  ["loads", repeated((round) => `ld [${round % 56}]\nxor #${round}`)],
  ["loads from X on", repeated((round) => `ldx #${round % 50}\nldh [x + 2]`)],
  ["loads at what was loaded", repeated(() => "and #31\ntax\nldb [x + 20]")],
  ["loads and branches", repeated((round) => `ldb [${round % 60}]\njeq #${round & 255}, a, a\na: ldx len`)],
  ["branches that meet at once", repeated((round) => `jset #${1 << (round % 8)}, a, b\na: add #1\nb: sub #2`)],
  [
    "scratch words that differ by the path",
    repeated(
      (round) =>
        `ldb [${round % 60}]\njset #1, a, b\na: add #3\nb: st M[${round % 16}]\nand #7\njgt #9, c, c\nc: ld len`,
    ),
  ],
  ["divisions by X", repeated((round) => `ldb [${round % 60}]\nor #1\ntax\nld len\ndiv x`)],
  ["random instructions", randomProgram(4, PROGRAM_LENGTH_MAX)],
];
