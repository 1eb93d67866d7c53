/** Random programs over random packets: the interpreter against libpcap's own. */
import { expect, test } from "vitest";
import { randomNumbers } from "../../../../scripts/lib/parser-fuzz.mjs";
import { decode } from "../../../../src/filter/classic/decode.ts";
import type { RawInstruction } from "../../../../src/filter/classic/instruction.ts";
import { Interpreter } from "../../../../src/filter/classic/interpreter.ts";
import { describeWith, requirements } from "../../../support/privileges.ts";
import { runOrFail } from "../../../support/run.ts";

/** Reads [program, [packet, length on the wire]...]... and prints what bpf_filter() returns, a line for each program. */
const JUDGE = `
import ctypes, json, sys
library = ctypes.CDLL("libpcap.so.0.8")
library.bpf_filter.restype = ctypes.c_uint
class Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint)]
for program, packets in json.load(sys.stdin):
    code = (Instruction * len(program))(*[Instruction(*each) for each in program])
    print(json.dumps([library.bpf_filter(code, bytes.fromhex(packet), length, len(packet) // 2) for packet, length in packets]))
`;

const PROGRAMS = 3000;
const SEED = 0x5eed;

const next = randomNumbers(SEED);
const random = () => next() / 2 ** 32;
const below = (limit: number) => Math.floor(random() * limit);
const oneOf = <T>(list: readonly [T, ...T[]]): T => list[below(list.length)] ?? list[0];
/** Small ones, which fall into packets, and those at the edges of 32 bits. */
const constant = () =>
  oneOf([below(8), below(64), below(32), 2 ** 31, 2 ** 32 - 1 - below(4), Math.floor(random() * 2 ** 32)]);
const isZeroWrong = (code: number) => [0x34, 0x94].includes(code);
const isLargeWrong = (code: number) => [0x64, 0x74].includes(code);

const LOADS = [0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0xb1] as const;
const MOVES = [0x00, 0x01, 0x80, 0x07, 0x87, 0x84] as const;
const SCRATCH = [0x60, 0x61, 0x02, 0x03] as const;
const ALU = [0x04, 0x14, 0x24, 0x34, 0x44, 0x54, 0x64, 0x74, 0x94, 0xa4] as const;
const JUMPS = [0x15, 0x25, 0x35, 0x45] as const;

function randomInstruction(left: number): RawInstruction {
  const skip = () => below(Math.min(left, 5));
  const plain = (code: number, k: number): RawInstruction => ({ code, jt: 0, jf: 0, k });
  switch (below(6)) {
    case 0:
      return plain(oneOf(LOADS), below(48));
    case 1:
      return plain(oneOf(MOVES), constant());
    case 2:
      return plain(oneOf(SCRATCH), below(3));
    case 3:
      return { code: oneOf(JUMPS) | oneOf([0, 8]), jt: skip(), jf: skip(), k: constant() };
    case 4:
      return random() < 0.2 ? plain(0x05, skip()) : plain(oneOf(ALU) | 8, 0);
    default: {
      const code = oneOf(ALU);
      const k = constant();
      return plain(code, isLargeWrong(code) ? k % 32 : isZeroWrong(code) && k === 0 ? 1 : k);
    }
  }
}

function randomProgram(): RawInstruction[] {
  const length = 2 + below(20);
  const body = Array.from({ length }, (_, index) => randomInstruction(length - index));
  // Not every libpcap clears scratch memory.
  const cleared = [0, 1, 2].map((word) => ({ code: 0x02, jt: 0, jf: 0, k: word }));
  return [...cleared, ...body, { code: oneOf([0x16, 0x16, 0x06]), jt: 0, jf: 0, k: constant() }];
}

describeWith(requirements.tools("python3", "tcpdump"), "the interpreter", () => {
  test(`agrees with bpf_filter() about ${PROGRAMS} random programs (seed ${SEED})`, async () => {
    const packets = Array.from({ length: 6 }, () => Uint8Array.from({ length: below(60) }, () => below(256)));
    const programs = Array.from({ length: PROGRAMS }, randomProgram);
    const questions = programs.map((program) => [
      program.map(({ code, jt, jf, k }) => [code, jt, jf, k]),
      packets.map((packet) => [Buffer.from(packet).toString("hex"), packet.length + 7]),
    ]);
    const { stdout } = await runOrFail("python3", ["-c", JUDGE], { input: JSON.stringify(questions) });
    const judged = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as number[]);
    const ours = programs.map((program) => {
      const interpreter = new Interpreter(decode(program));
      return packets.map((packet) => interpreter.run(packet, 0, packet.length, packet.length + 7));
    });
    const disputed = programs.flatMap((program, index) =>
      String(ours[index]) === String(judged[index]) ? [] : [{ program, ours: ours[index], judged: judged[index] }],
    );
    expect(disputed).toEqual([]);
    const answers = ours.flat();
    expect(answers.filter((value) => value !== 0).length).toBeGreaterThan(PROGRAMS);
    expect(new Set(answers).size).toBeGreaterThan(PROGRAMS / 3);
  });
});
