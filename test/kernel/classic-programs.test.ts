import { expect, test } from "vitest";
import { decode } from "../../src/filter/classic/decode.ts";
import type { RawInstruction } from "../../src/filter/classic/instruction.ts";
import { assembleClassic } from "../support/classic-assembler.ts";
import { ClassicJudge } from "../support/classic-judge.ts";
import { ETHERNET_PLACEMENTS, FilterVerdicts } from "../support/filter-verdicts.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { randomPackets, randomProgram } from "../support/random-classic.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [requirements.bpf, requirements.root, requirements.tools("gcc")];
const PROGRAM_LENGTH_MAX = 4096;

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
const largest: readonly (readonly [name: string, program: RawInstruction[]])[] = [
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

describeWith(needed, "a program of classic BPF, compiled to eBPF", () => {
  test("decides as the kernel's own classic BPF does, for random programs at every hook", () => {
    const judge = new ClassicJudge(temporaryDirectory());
    const packets = randomPackets(11, 30);
    const lengths = [40, 60, 100, 200, 400];
    const programs = Array.from({ length: 100 }, (_, seed) => randomProgram(seed + 1, lengths[seed % 5] ?? 40));
    const expected = programs.map((program) => judge.verdicts(program, packets));
    // Neither answer is rare.
    const matches = expected.flat().filter(Boolean).length;
    expect(matches / expected.flat().length).toBeGreaterThan(0.2);
    expect(matches / expected.flat().length).toBeLessThan(0.8);
    for (const placement of ETHERNET_PLACEMENTS) {
      using verdicts = new FilterVerdicts(placement);
      const found = programs.map((program) => verdicts.of(decode(program), packets));
      expect(found, placement.hook).toEqual(expected);
    }
  });

  test.each(largest)(
    "of 4,096 instructions is taken by the verifier and decides as the kernel's own: %s",
    (_, program) => {
      expect(program).toHaveLength(PROGRAM_LENGTH_MAX);
      const packets = randomPackets(23, 20);
      const expected = new ClassicJudge(temporaryDirectory()).verdicts(program, packets);
      for (const placement of ETHERNET_PLACEMENTS) {
        using verdicts = new FilterVerdicts(placement);
        expect(verdicts.of(decode(program), packets), placement.hook).toEqual(expected);
      }
    },
  );
});
