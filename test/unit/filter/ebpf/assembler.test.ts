import { expect, test } from "vitest";
import { Assembler, JumpTooFar, Label, link } from "../../../../src/filter/ebpf/assembler.ts";
import { Alu, Jump } from "../../../../src/filter/ebpf/opcodes.ts";

/** Bytes of each instruction, as RFC 9669 section 3 has them on a little-endian machine. */
function instructions(assembler: Assembler): string[] {
  const { bytes } = assembler.assemble();
  return (Buffer.from(bytes).toString("hex").match(/.{16}/g) ?? []).map((hex) => hex);
}

test("instructions have the encoding of RFC 9669", () => {
  const assembler = new Assembler();
  const out = new Label();
  assembler.load(8, 1, 6, 16);
  assembler.alu32(Alu.ADD, 7, { value: -1 });
  assembler.alu64(Alu.MOV, 2, { register: 10 });
  assembler.store(4, 10, -8, { value: 5 });
  assembler.branch32(Jump.JGT, 7, { register: 8 }, out);
  assembler.toHostOrder(7, 2);
  assembler.place(out);
  assembler.exit();
  expect(instructions(assembler)).toEqual([
    "7961100000000000",
    "04070000ffffffff",
    "bfa2000000000000",
    "620af8ff05000000",
    "2e87010000000000",
    "dc07000010000000",
    "9500000000000000",
  ]);
});

test("calls of own functions carry the distance in the immediate value", () => {
  const assembler = new Assembler();
  const start = new Label();
  assembler.callFunction(start);
  assembler.exit();
  assembler.place(start);
  assembler.exit();
  expect(instructions(assembler)[0]).toBe("8510000001000000");
});

test("a jump further than sixteen bits can say is refused", () => {
  const assembler = new Assembler();
  const far = new Label();
  assembler.jump(far);
  for (let i = 0; i < 0x8000; i++) assembler.alu32(Alu.MOV, 0, { value: 0 });
  assembler.place(far);
  assembler.exit();
  expect(() => assembler.assemble()).toThrow(JumpTooFar);
});

test("maps are linked into a copy, by their names", () => {
  const assembler = new Assembler();
  assembler.loadMap(1, "counters");
  assembler.exit();
  const program = assembler.assemble();
  expect(Buffer.from(link(program, { counters: 7 })).toString("hex")).toMatch(/^1811000007000000/);
  expect(Buffer.from(program.bytes).toString("hex")).toMatch(/^1811000000000000/);
  expect(() => link(program, {})).toThrow("the program wants the map counters");
});
