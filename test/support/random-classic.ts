/** Random programs of classic BPF that the kernel takes, and packets for them; the same ones for the same seed. */
import { SeededRandom } from "../../scripts/fixtures/random.ts";
import type { RawInstruction } from "../../src/filter/classic/instruction.ts";

const instruction = (code: number, k = 0, jt = 0, jf = 0): RawInstruction => ({ code, jt, jf, k: k >>> 0 });

/** Codes of linux/bpf_common.h. */
const [LD_IMM, LDX_IMM, LD_LEN, LDX_LEN, LD_MEM, LDX_MEM, LDX_MSH] = [0x00, 0x01, 0x80, 0x81, 0x60, 0x61, 0xb1];
const LD_ABS = [0x20, 0x28, 0x30];
const LD_IND = [0x40, 0x48, 0x50];
const [ST, STX, TAX, TXA, RET_K, RET_A, JA, NEG] = [0x02, 0x03, 0x07, 0x87, 0x06, 0x16, 0x05, 0x84];
const ALU_K = [0x04, 0x14, 0x24, 0x34, 0x44, 0x54, 0x94, 0xa4];
const ALU_X = ALU_K.map((code) => code | 8);
const SHIFTS = [0x64, 0x74];
const USES_SMALL_X = [...LD_IND, ...SHIFTS.map((code) => code | 8)];
const BRANCHES_K = [0x15, 0x25, 0x35, 0x45];
const BRANCHES_X = BRANCHES_K.map((code) => code | 8);
const SCRATCH_WORDS = 16;
const PACKET_LENGTH_MIN = 60;

/** A program of exactly `length` instructions, at least 40. */
export function randomProgram(seed: number, length: number): RawInstruction[] {
  const random = new SeededRandom(seed);
  const program: RawInstruction[] = [];
  // The kernel refuses words that some path reads before it wrote them.
  for (let word = 0; word < SCRATCH_WORDS; word++) program.push(instruction(ST, word));
  while (program.length < length - 3) {
    // A shift is two instructions, and the end of the program is three.
    const room = length - 3 - program.length;
    program.push(...randomStep(random, room));
  }
  // Either way is likely.
  program.push(instruction(0x45, 1 << random.below(8), 0, 1), instruction(RET_K, 0x40000), instruction(RET_K, 0));
  return program.map((step, index) => keepTogether(program, step, index));
}

/**
 * No jump goes between the use of a large X and the instruction that keeps it small: there the kernel and libpcap, which
 * ringcap follows, differ. The kernel shifts by the remainder of 32 and wraps X + k; libpcap shifts everything out and
 * finds no byte there.
 */
function keepTogether(program: readonly RawInstruction[], step: RawInstruction, index: number): RawInstruction {
  const fitting = (skip: number) => (USES_SMALL_X.includes(program[index + 1 + skip]?.code ?? 0) ? skip - 1 : skip);
  if (step.code === JA) return { ...step, k: fitting(step.k) };
  return (step.code & 7) === 5 ? { ...step, jt: fitting(step.jt), jf: fitting(step.jf) } : step;
}

function randomStep(random: SeededRandom, room: number): RawInstruction[] {
  const skip = () => random.below(Math.min(room, 12));
  const value = () =>
    random.pick([0, 1, 4, 6, 17, 0x0f, 0x80, 0xff, 0x800, 0xffff, 0x7fffffff, 0xffffffff, random.below(256)]);
  const shift = (code: number) => [instruction(LDX_IMM, random.below(32)), instruction(code | 8)];
  const choices: (() => RawInstruction[])[] = [
    () => [instruction(random.pick(LD_ABS), random.below(PACKET_LENGTH_MIN + 4))],
    () => [instruction(random.pick(LD_ABS), random.below(PACKET_LENGTH_MIN - 4))],
    () => [instruction(LDX_IMM, random.below(40)), instruction(random.pick(LD_IND), random.below(20))],
    () => [instruction(LDX_MSH, random.below(40)), instruction(random.pick(LD_IND), random.below(24))],
    () => [instruction(LDX_MSH, random.below(40))],
    () => [instruction(random.pick([LD_IMM, LDX_IMM]), value())],
    () => [instruction(random.pick([LD_LEN, LDX_LEN]))],
    () => [instruction(random.pick([LD_MEM, LDX_MEM]), random.below(SCRATCH_WORDS))],
    () => [instruction(random.pick([ST, STX]), random.below(SCRATCH_WORDS))],
    () => [instruction(random.pick(ALU_K), value() || 3)],
    () => [instruction(random.pick(ALU_X))],
    () => [instruction(random.pick(SHIFTS), random.below(32))],
    () => shift(random.pick(SHIFTS)),
    () => [instruction(random.pick([TAX, TXA, NEG]))],
    () => [instruction(random.pick(BRANCHES_K), value(), skip(), skip())],
    () => [instruction(random.pick(BRANCHES_X), 0, skip(), skip())],
    () => [instruction(JA, skip())],
    () => (random.below(20) === 0 ? [instruction(RET_A)] : [instruction(random.pick(LD_ABS), 14)]),
  ];
  const step = random.pick(choices)();
  return step.length <= room ? step : [instruction(LD_IMM, 1)];
}

/** Packets of 60 to 124 bytes, mostly of small numbers. */
export function randomPackets(seed: number, count: number): Uint8Array[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: count }, () => {
    const bytes = new Uint8Array(PACKET_LENGTH_MIN + random.below(65));
    for (const index of bytes.keys()) bytes[index] = random.below(3) === 0 ? random.below(256) : random.below(16);
    return bytes;
  });
}
