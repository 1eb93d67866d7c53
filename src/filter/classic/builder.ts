/** Builds a program of classic BPF. Places in it have names, and a jump can lead to any place behind it. */
import type { Comparison, LoadSize, RawInstruction } from "./instruction.ts";
import { ANCILLARY_FIELDS, ANCILLARY_OFFSET, Class, COMPARISONS, JMP_JA, Mode, RET_K, SIZES } from "./opcodes.ts";

type Field = typeof ANCILLARY_FIELDS extends ReadonlyMap<number, infer Name> ? Name : never;

const ALU_AND = 0x50;
const ALU_RSH = 0x70;

/** The key of a map from codes to meanings. */
function codeOf<T>(codes: ReadonlyMap<number, T>, meaning: T): number {
  for (const [code, value] of codes) if (value === meaning) return code;
  throw new Error(`there is no code for "${meaning}"`);
}

export class ClassicBuilder {
  readonly #code: RawInstruction[] = [];
  readonly #places = new Map<string, number>();
  readonly #jumps: { at: number; to: string }[] = [];
  #named = 0;

  /** A <- bytes at the offset. */
  load(size: LoadSize, offset: number): void {
    this.append({ code: Class.LD | codeOf(SIZES, size) | Mode.ABS, jt: 0, jf: 0, k: offset });
  }

  /** A <- bytes at the offset from X. */
  loadIndexed(size: LoadSize, offset: number): void {
    this.append({ code: Class.LD | codeOf(SIZES, size) | Mode.IND, jt: 0, jf: 0, k: offset });
  }

  /** A <- a value of the packet that is not in its bytes. */
  loadField(field: Field): void {
    this.load(4, ANCILLARY_OFFSET + codeOf(ANCILLARY_FIELDS, field));
  }

  /** A <- the length of the packet. */
  loadLength(): void {
    this.append({ code: Class.LD | Mode.LEN, jt: 0, jf: 0, k: 0 });
  }

  /** X <- the constant. */
  setIndex(k: number): void {
    this.append({ code: Class.LDX | Mode.IMM, jt: 0, jf: 0, k });
  }

  /** X <- the length of the IPv4 header at the offset. */
  setIndexToHeaderLength(offset: number): void {
    this.append({ code: Class.LDX | codeOf(SIZES, 1) | Mode.MSH, jt: 0, jf: 0, k: offset });
  }

  and(k: number): void {
    this.append({ code: Class.ALU | ALU_AND, jt: 0, jf: 0, k: k >>> 0 });
  }

  shiftRight(bits: number): void {
    this.append({ code: Class.ALU | ALU_RSH, jt: 0, jf: 0, k: bits });
  }

  goto(place: string): void {
    this.#jumps.push({ at: this.#code.length, to: place });
    this.append({ code: Class.JMP | JMP_JA, jt: 0, jf: 0, k: 0 });
  }

  /** Goes to the place if the comparison of A is true. A branch reaches 255 instructions, and a jump reaches all. */
  when(comparison: Comparison, k: number, place: string): void {
    this.#skipNext(comparison, k, false);
    this.goto(place);
  }

  unless(comparison: Comparison, k: number, place: string): void {
    this.#skipNext(comparison, k, true);
    this.goto(place);
  }

  #skipNext(comparison: Comparison, k: number, outcome: boolean): void {
    const code = Class.JMP | codeOf(COMPARISONS, comparison);
    this.append({ code, jt: outcome ? 1 : 0, jf: outcome ? 0 : 1, k: k >>> 0 });
  }

  /** Ends the program and keeps so many bytes of the packet; with 0 the packet does not match. */
  return(bytes: number): void {
    this.append({ code: RET_K, jt: 0, jf: 0, k: bytes });
  }

  append(instruction: RawInstruction): void {
    this.#code.push(instruction);
  }

  /** Returns a name that no other place has. */
  newPlace(): string {
    return `#${this.#named++}`;
  }

  /** Puts the place at the next instruction. */
  place(name: string): void {
    this.#places.set(name, this.#code.length);
  }

  finish(): RawInstruction[] {
    for (const { at, to } of this.#jumps) {
      const target = this.#places.get(to);
      const jump = this.#code[at];
      if (target === undefined || jump === undefined || target <= at) throw new Error(`there is no way to ${to}`);
      this.#code[at] = { ...jump, k: target - at - 1 };
    }
    return this.#code;
  }
}
