/** Builds an eBPF program instruction by instruction: labels, calls of own functions, maps that are named later. */
import {
  Alu,
  Class,
  Helper,
  type HelperName,
  INSTRUCTION_SIZE,
  Jump,
  LOAD_IMMEDIATE_64,
  MODE_MEM,
  PSEUDO_CALL,
  PSEUDO_MAP_FD,
  SOURCE_REGISTER,
  WIDTHS,
} from "./opcodes.ts";

/** R1 to R5 are lost in calls, R6 to R9 are kept; R10 is the end of the stack frame. */
export type Register = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** A place in the program, before or after it is known. */
export class Label {
  index: number | undefined;
  /** Whether something leads there. The verifier refuses instructions that nothing reaches. */
  isUsed = false;
}

/** The map whose descriptor the program wants at an instruction. */
export interface MapReference {
  readonly index: number;
  readonly map: string;
}

export interface AssembledProgram {
  /** struct bpf_insn, one after the other. */
  readonly bytes: Uint8Array;
  readonly maps: readonly MapReference[];
}

/** Register or immediate value of 32 bits. */
export type Source = { readonly register: Register } | { readonly value: number };

interface Pending {
  readonly code: number;
  readonly destination: Register;
  readonly source: number;
  readonly offset: number;
  readonly immediate: number;
  /** Whose distance goes into the offset, or, for a call, into the immediate value. */
  readonly target?: Label;
}

/** A jump that is further than sixteen bits can say. */
export class JumpTooFar extends Error {}

export class Assembler {
  readonly #instructions: Pending[] = [];
  readonly #maps: MapReference[] = [];

  get length(): number {
    return this.#instructions.length;
  }

  place(label: Label): void {
    label.index = this.#instructions.length;
  }

  /** destination <- destination operator source, 64 bits. */
  alu64(operator: number, destination: Register, source: Source): void {
    this.#operate(Class.ALU64 | operator, destination, source);
  }

  /** The same in the lower 32 bits; the upper ones become zero. */
  alu32(operator: number, destination: Register, source: Source): void {
    this.#operate(Class.ALU | operator, destination, source);
  }

  negate32(destination: Register): void {
    this.#add({ code: Class.ALU | Alu.NEG, destination });
  }

  /** From the order of the network to that of this machine; one byte has no order. */
  toHostOrder(destination: Register, size: 1 | 2 | 4): void {
    if (size > 1) this.#add({ code: Class.ALU | Alu.END | SOURCE_REGISTER, destination, immediate: size * 8 });
  }

  load(size: 1 | 2 | 4 | 8, destination: Register, base: Register, offset: number): void {
    this.#add({ code: Class.LDX | MODE_MEM | WIDTHS[size], destination, source: base, offset });
  }

  store(size: 1 | 2 | 4 | 8, base: Register, offset: number, source: Source): void {
    if ("register" in source) {
      this.#add({ code: Class.STX | MODE_MEM | WIDTHS[size], destination: base, source: source.register, offset });
    } else {
      this.#add({ code: Class.ST | MODE_MEM | WIDTHS[size], destination: base, offset, immediate: source.value });
    }
  }

  /** The map's address; link() puts its descriptor in. */
  loadMap(destination: Register, map: string): void {
    this.#maps.push({ index: this.#instructions.length, map });
    this.#add({ code: LOAD_IMMEDIATE_64, destination, source: PSEUDO_MAP_FD });
    this.#add({ code: 0 });
  }

  jump(target: Label): void {
    this.#add({ code: Class.JMP | Jump.JA, target });
  }

  /** Compares the lower 32 bits. */
  branch32(comparison: number, register: Register, source: Source, target: Label): void {
    this.#compare(Class.JMP32 | comparison, register, source, target);
  }

  branch64(comparison: number, register: Register, source: Source, target: Label): void {
    this.#compare(Class.JMP | comparison, register, source, target);
  }

  callHelper(name: HelperName): void {
    this.#add({ code: Class.JMP | Jump.CALL, immediate: Helper[name] });
  }

  callFunction(start: Label): void {
    this.#add({ code: Class.JMP | Jump.CALL, source: PSEUDO_CALL, target: start });
  }

  exit(): void {
    this.#add({ code: Class.JMP | Jump.EXIT });
  }

  /** @throws JumpTooFar */
  assemble(): AssembledProgram {
    const bytes = new Uint8Array(this.#instructions.length * INSTRUCTION_SIZE);
    const view = new DataView(bytes.buffer);
    for (const [index, instruction] of this.#instructions.entries()) {
      const distance = this.#distance(index, instruction.target);
      const isCall = instruction.code === (Class.JMP | Jump.CALL);
      const offset = isCall ? instruction.offset : instruction.offset + distance;
      if (offset < -0x8000 || offset > 0x7fff) throw new JumpTooFar();
      const at = index * INSTRUCTION_SIZE;
      view.setUint8(at, instruction.code);
      // struct bpf_insn has the registers in two bit fields, which follow the machine's byte order.
      const [low, high] = LITTLE_ENDIAN
        ? [instruction.destination, instruction.source]
        : [instruction.source, instruction.destination];
      view.setUint8(at + 1, (high << 4) | low);
      view.setInt16(at + 2, offset, LITTLE_ENDIAN);
      view.setInt32(at + 4, (isCall ? instruction.immediate + distance : instruction.immediate) | 0, LITTLE_ENDIAN);
    }
    return { bytes, maps: this.#maps };
  }

  #distance(index: number, target: Label | undefined): number {
    if (target === undefined) return 0;
    if (target.index === undefined) throw new Error("a label was never placed");
    return target.index - index - 1;
  }

  #operate(code: number, destination: Register, source: Source): void {
    if ("register" in source) this.#add({ code: code | SOURCE_REGISTER, destination, source: source.register });
    else this.#add({ code, destination, immediate: source.value });
  }

  #compare(code: number, register: Register, source: Source, target: Label): void {
    if ("register" in source) {
      this.#add({ code: code | SOURCE_REGISTER, destination: register, source: source.register, target });
    } else {
      this.#add({ code, destination: register, immediate: source.value, target });
    }
  }

  #add(instruction: Partial<Pending> & Pick<Pending, "code">): void {
    if (instruction.target !== undefined) instruction.target.isUsed = true;
    this.#instructions.push({ destination: 0, source: 0, offset: 0, immediate: 0, ...instruction });
  }
}

export const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Puts the descriptors of maps into a copy of the program. */
export function link(program: AssembledProgram, descriptors: Readonly<Record<string, number>>): Uint8Array {
  const bytes = program.bytes.slice();
  const view = new DataView(bytes.buffer);
  for (const { index, map } of program.maps) {
    const descriptor = descriptors[map];
    if (descriptor === undefined) throw new Error(`the program wants the map ${map}`);
    view.setInt32(index * INSTRUCTION_SIZE + 4, descriptor, LITTLE_ENDIAN);
  }
  return bytes;
}
