import { expect, test } from "vitest";
import { decode } from "../../src/filter/classic/decode.ts";
import { ClassicJudge } from "../support/classic-judge.ts";
import { ETHERNET_PLACEMENTS, FilterVerdicts } from "../support/filter-verdicts.ts";
import { largestPrograms, PROGRAM_LENGTH_MAX } from "../support/largest-programs.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { randomPackets, randomProgram } from "../support/random-classic.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const needed = [requirements.bpf, requirements.root, requirements.tools("gcc")];

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

  test.each(largestPrograms)(
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
