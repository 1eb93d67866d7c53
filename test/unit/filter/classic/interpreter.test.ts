import { expect, test } from "vitest";
import type { AluOperator, Comparison, Instruction, Program } from "../../../../src/filter/classic/instruction.ts";
import { Interpreter } from "../../../../src/filter/classic/interpreter.ts";

const packet = Uint8Array.from([0x45, 0xff, 0x80, 0x01, 0x02, 0x03, 0x04, 0x05]);

function run(program: Program, originalLength = packet.length): number {
  return new Interpreter(program).run(packet, 0, packet.length, originalLength);
}

const set = (register: "A" | "X", value: number): Instruction => ({ kind: "load-immediate", register, value });
const returnA: Instruction = { kind: "return", value: "A" };

test.each<[AluOperator, number, number, number]>([
  ["add", 0xffff_ffff, 2, 1],
  ["sub", 1, 2, 0xffff_ffff],
  ["mul", 0xffff_ffff, 0xffff_ffff, 1],
  ["mul", 0x1_0001, 0x1_0001, 0x2_0001],
  ["div", 0xffff_ffff, 2, 0x7fff_ffff],
  ["div", 7, 0xffff_ffff, 0],
  ["mod", 0xffff_ffff, 10, 5],
  ["and", 0xffff_0000, 0x8000_1111, 0x8000_0000],
  ["or", 0x8000_0000, 1, 0x8000_0001],
  ["xor", 0xffff_ffff, 1, 0xffff_fffe],
  ["lsh", 3, 31, 0x8000_0000],
  ["rsh", 0x8000_0000, 31, 1],
])("%s: %i with %i is %i, by constant and by X", (operator, a, operand, result) => {
  expect(run([set("A", a), { kind: "alu", operator, operand }, returnA])).toBe(result);
  expect(run([set("A", a), set("X", operand), { kind: "alu", operator, operand: "X" }, returnA])).toBe(result);
});

test.each<[AluOperator, number]>([
  ["lsh", 32],
  ["rsh", 32],
  ["lsh", 0xffff_ffff],
])("%s by an X of %i leaves nothing", (operator, x) => {
  expect(run([set("A", 0xffff_ffff), set("X", x), { kind: "alu", operator, operand: "X" }, returnA])).toBe(0);
});

test.each<AluOperator>(["div", "mod"])("%s by an X of 0 ends without a match", (operator) => {
  expect(run([set("A", 1), { kind: "alu", operator, operand: "X" }, { kind: "return", value: 9 }])).toBe(0);
});

test("negation is subtraction from 0", () => {
  expect(run([set("A", 1), { kind: "negate" }, returnA])).toBe(0xffff_ffff);
  expect(run([set("A", 0x8000_0000), { kind: "negate" }, returnA])).toBe(0x8000_0000);
});

test.each<[Comparison, number, number, boolean]>([
  ["equal", 0xffff_ffff, 0xffff_ffff, true],
  ["greater", 0x8000_0000, 1, true],
  ["greater", 5, 5, false],
  ["greater-or-equal", 5, 5, true],
  ["greater-or-equal", 1, 0xffff_ffff, false],
  ["any-bit", 0x8000_0000, 0xc000_0000, true],
  ["any-bit", 4, 3, false],
])("%s compares without a sign: %i, %i", (comparison, a, operand, taken) => {
  const rest: Program = [
    { kind: "return", value: 1 },
    { kind: "return", value: 2 },
  ];
  const skips = { skipTrue: 0, skipFalse: 1 };
  expect(run([set("A", a), { kind: "branch", comparison, operand, ...skips }, ...rest])).toBe(taken ? 1 : 2);
  const byX: Instruction = { kind: "branch", comparison, operand: "X", ...skips };
  expect(run([set("A", a), set("X", operand), byX, ...rest])).toBe(taken ? 1 : 2);
});

test("jumps skip as many instructions as they say", () => {
  expect(
    run([
      { kind: "jump", skip: 1 },
      { kind: "return", value: 1 },
      { kind: "return", value: 2 },
    ]),
  ).toBe(2);
});

const load = (size: 1 | 2 | 4, offset: number, indexed = false): Instruction => ({
  kind: "load-packet",
  size,
  offset,
  indexed,
});

test("loads are big-endian and unsigned", () => {
  expect(run([load(1, 1), returnA])).toBe(0xff);
  expect(run([load(2, 1), returnA])).toBe(0xff80);
  expect(run([load(4, 1), returnA])).toBe(0xff80_0102);
});

test.each([1, 2, 4] as const)("a load of %i bytes ends without a match where they are not all captured", (size) => {
  const last = packet.length - size;
  const match: Instruction = { kind: "return", value: 1 };
  expect(run([load(size, last), match])).toBe(1);
  expect(run([load(size, last + 1), match])).toBe(0);
  expect(run([set("X", last - 1), load(size, 1, true), match])).toBe(1);
  expect(run([set("X", last), load(size, 1, true), match])).toBe(0);
  // X + k does not wrap round into the packet.
  expect(run([set("X", 0xffff_ffff), load(size, 2, true), match])).toBe(0);
  expect(run([set("X", 2), load(size, 0xffff_ffff, true), match])).toBe(0);
});

test("reads only the packet that it is told of, and counts its length on the wire", () => {
  const interpreter = new Interpreter([load(2, 0), returnA]);
  expect(interpreter.run(packet, 2, 2, 1500)).toBe(0x8001);
  expect(interpreter.run(packet, 2, 1, 1500)).toBe(0);
  expect(run([{ kind: "load-length", register: "A" }, returnA], 0xffff_fff0)).toBe(0xffff_fff0);
  const toA: Instruction = { kind: "transfer", to: "A" };
  expect(run([{ kind: "load-length", register: "X" }, toA, returnA], 1500)).toBe(1500);
});

test("the length of a header is four times the low half of its byte", () => {
  const toA: Instruction = { kind: "transfer", to: "A" };
  expect(run([{ kind: "load-header-length", offset: 0 }, toA, returnA])).toBe(20);
  expect(
    run([
      { kind: "load-header-length", offset: packet.length },
      { kind: "return", value: 1 },
    ]),
  ).toBe(0);
});

test("registers and scratch words start as 0 for every packet", () => {
  const count: Program = [
    { kind: "load-scratch", register: "A", word: 15 },
    { kind: "alu", operator: "add", operand: 1 },
    { kind: "store-scratch", register: "A", word: 15 },
    { kind: "load-scratch", register: "X", word: 15 },
    { kind: "transfer", to: "A" },
    returnA,
  ];
  const interpreter = new Interpreter(count);
  expect([1, 2, 3].map(() => interpreter.run(packet, 0, 8, 8))).toEqual([1, 1, 1]);
  expect(run([returnA])).toBe(0);
  expect(run([{ kind: "transfer", to: "A" }, returnA])).toBe(0);
});

test("what a capture file does not know of a packet is refused by name", () => {
  const program: Program = [{ kind: "load-ancillary", field: "ifindex" }, returnA];
  expect(() => new Interpreter(program)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringContaining('"ifindex"') }),
  );
});
