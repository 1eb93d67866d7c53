import { describe, expect, test } from "vitest";
import { decode } from "../../../../src/filter/classic/decode.ts";
import { checkDivisors } from "../../../../src/filter/ebpf/passes/check-divisors.ts";
import { findUninitialised } from "../../../../src/filter/ebpf/passes/find-uninitialised.ts";
import type { Block } from "../../../../src/filter/ebpf/passes/flow.ts";
import { forgetAtJoins } from "../../../../src/filter/ebpf/passes/forget-at-joins.ts";
import { guardPacket } from "../../../../src/filter/ebpf/passes/guard-packet.ts";
import { normaliseJumps } from "../../../../src/filter/ebpf/passes/normalise-jumps.ts";
import { splitBlocks } from "../../../../src/filter/ebpf/passes/split-blocks.ts";
import { assembleClassic } from "../../../support/classic-assembler.ts";

const normalised = (text: string) => normaliseJumps(decode(assembleClassic(text)));
const blocksOf = (text: string) => splitBlocks(normalised(text));

/** What a pass put into each block, in the notation of this test. */
function checksOf(blocks: readonly Block[]): string[][] {
  return blocks.map(({ steps }) =>
    steps.flatMap((step) => {
      switch (step.kind) {
        case "guard":
          return [`${step.end}`];
        case "guard-indexed":
          return [`x+${step.end}`];
        case "forget":
          return [`forget ${step.register}`];
        case "check-divisor":
          return ["x != 0"];
        case "load-packet":
        case "load-header-length":
          return ["load"];
        default:
          return [];
      }
    }),
  );
}

describe("normalised jumps", () => {
  test("go to where a chain of jumps ends", () => {
    const program = normalised(`
            ldb [0]
            jeq #1, first, no
      first: jmp second
      second: jmp yes
      no:   ret #0
      yes:  ret #1`);
    expect(program[1]).toMatchObject({ ifTrue: 5, ifFalse: 4 });
  });

  test("turn a branch whose ways meet at once into a jump", () => {
    const program = normalised(`
            ldb [0]
            jgt #1, a, b
      a:    jmp b
      b:    ret #1`);
    expect(program[1]).toEqual({ kind: "jump", target: 3 });
  });
});

describe("blocks", () => {
  test("begin where branches lead, and where paths meet", () => {
    const blocks = blocksOf(`
            ldh [12]
            jeq #0x800, ip, other
      ip:   ldb [23]
            jmp both
      other: ldb [20]
      both: jeq #6, yes, no
      yes:  ret #1
      no:   ret #0`);
    expect(blocks.map(({ steps, ending }) => [steps.length, ending.kind])).toEqual([
      [1, "branch"],
      [1, "jump"],
      [1, "jump"],
      [0, "branch"],
      [0, "return"],
      [0, "return"],
    ]);
    expect(blocks[0]?.ending).toMatchObject({ ifTrue: 1, ifFalse: 2 });
    expect(blocks[2]?.ending).toEqual({ kind: "jump", target: 3 });
  });

  test("leave out what nothing reaches", () => {
    const blocks = blocksOf(`
            jmp out
            ldb [1]
            ret a
      out:  ret #0`);
    expect(blocks).toEqual([
      { steps: [], ending: { kind: "jump", target: 1 } },
      { steps: [], ending: { kind: "return", value: 0 } },
    ]);
  });
});

describe("what is read before it is written", () => {
  test("is what one of the paths did not write", () => {
    const blocks = blocksOf(`
            ldb [0]
            jeq #1, write, read
      write: st M[3]
            ldx #4
      read: ld M[3]
            add x
            ret a`);
    expect(findUninitialised(blocks)).toEqual(new Set(["M3", "X"]));
  });

  test("is nothing where all paths wrote it", () => {
    const blocks = blocksOf(`
            ldb [0]
            jeq #1, one, two
      one:  st M[0]
            jmp read
      two:  st M[0]
      read: ldx M[0]
            txa
            ret a`);
    expect(findUninitialised(blocks)).toEqual(new Set());
  });
});

test("X is checked before the first division by it, and again when it has changed", () => {
  const blocks = blocksOf(`
        ldx len
        ldb [0]
        div x
        mod x
        tax
        ldb [1]
        div x
        div #4
        ret a`);
  expect(checksOf(checkDivisors(blocks))).toEqual([["load", "x != 0", "load", "x != 0"]]);
});

test("registers are forgotten where paths meet, if they are still needed there", () => {
  const blocks = blocksOf(`
          ldx #14
          ldb [0]
          jeq #1, add, meet
    add:  add #1
    meet: st M[0]
          ldb [x + 2]
          jeq #2, yes, other
    other: ldb [1]
          jeq #3, yes, no
    yes:  ret #1
    no:   ret #0`);
  expect(checksOf(forgetAtJoins(blocks))).toEqual([["load"], [], ["forget A", "forget X", "load"], ["load"], [], []]);
});

describe("packet guards", () => {
  test("cover a chain of loads with the first of them", () => {
    const blocks = blocksOf(`
          ldh [12]
          jeq #0x800, a, no
    a:    ldb [23]
          jeq #6, b, no
    b:    ld [26]
          jeq #1, yes, no
    yes:  ret #1
    no:   ret #0`);
    expect(checksOf(guardPacket(blocks))).toEqual([["30", "load"], ["load"], ["load"], [], []]);
  });

  test("go no higher than every path that may match needs", () => {
    const blocks = blocksOf(`
          ldh [12]
          jeq #0x86dd, six, four
    six:  ld [50]
          jeq #1, yes, no
    four: ldb [23]
          jeq #6, yes, no
    yes:  ret #1
    no:   ret #0`);
    expect(checksOf(guardPacket(blocks))).toEqual([["24", "load"], ["54", "load"], ["load"], [], []]);
  });

  test("do not move before a way to match that needs none", () => {
    const blocks = blocksOf(`
          ldb [0]
          jeq #1, yes, far
    far:  ldb [100]
          jeq #2, yes, no
    yes:  ret #1
    no:   ret #0`);
    expect(checksOf(guardPacket(blocks))).toEqual([["1", "load"], ["101", "load"], [], []]);
  });

  test("for loads from X on follow the setting of X, once for all with the same X", () => {
    const blocks = blocksOf(`
          ldxb 4*([14]&0xf)
          ldh [x + 14]
          jeq #80, more, no
    more: ldh [x + 16]
          jeq #443, again, no
    again: ldx #2
          ldb [x + 0]
          jeq #1, yes, no
    yes:  ret #1
    no:   ret #0`);
    expect(checksOf(guardPacket(blocks))).toEqual([["15", "load", "x+18", "load"], ["load"], ["x+1", "load"], [], []]);
  });

  test("are made again where X may be another one", () => {
    const blocks = blocksOf(`
          ldxb 4*([14]&0xf)
          ldb [x + 0]
          jeq #1, other, meet
    other: ldx #9
    meet: ldb [x + 0]
          jeq #1, yes, no
    yes:  ret #1
    no:   ret #0`);
    expect(checksOf(guardPacket(blocks))).toEqual([["15", "load", "x+1", "load"], ["x+1"], ["load"], [], []]);
  });
});
