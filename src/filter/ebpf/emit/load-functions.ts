/**
 * Emits the functions of a program that load bytes. They map (context, offset) to the value, or to a negative number
 * beyond the packet's end. They have few branches, because the verifier remembers a branch for each call in a program
 * of thousands.
 */
import type { LoadSize } from "../../classic/instruction.ts";
import { type Assembler, Label, type Register } from "../assembler.ts";
import type { FilterHook } from "../hook.ts";
import { Alu, Jump } from "../opcodes.ts";
import { FRAME, LOADED, PREFIX_LENGTH, Stack } from "./machine.ts";

const NOT_THERE = -1;

/** Offsets count from the frame's prefix, which the caller passes. */
const SHIFT = Stack.SHIFT - Stack.PREFIX;
const LENGTH = Stack.LENGTH - Stack.PREFIX;

/** Below this offset a frame's addresses, tag and EtherType may be elsewhere than in its linear bytes. */
export const IN_A_ROW_FROM = 18;

export class LoadFunctions {
  readonly #assembler: Assembler;
  readonly #hook: FilterHook;
  readonly #plain = new Map<LoadSize, Label>();
  readonly #indexed = new Map<LoadSize, Label>();

  constructor(assembler: Assembler, hook: FilterHook) {
    this.#assembler = assembler;
    this.#hook = hook;
  }

  /** (context, offset into what the hook shows) */
  plain(size: LoadSize): Label {
    return labelFor(this.#plain, size);
  }

  /** (context, offset into the frame on the wire, address of its prefix on the stack) */
  onTheWire(size: LoadSize): Label {
    return labelFor(this.#indexed, size);
  }

  /** Emits the functions that were asked for. */
  emit(): void {
    for (const [size, label] of this.#plain) this.#emitPlain(size, label);
    for (const [size, label] of this.#indexed) this.#emitOnTheWire(size, label);
  }

  #emitPlain(size: LoadSize, label: Label): void {
    this.#assembler.place(label);
    this.#loadThere(size);
    this.#assembler.exit();
  }

  /** R0 <- the bytes at R2 of the packet, or a negative number. */
  #loadThere(size: LoadSize): void {
    const assembler = this.#assembler;
    // Helpers look at 32 bits of an offset. An offset with more bits, or a negative one, becomes an offset that no
    // packet has.
    assembler.alu64(Alu.MOV, 5, { register: 2 });
    assembler.alu64(Alu.RSH, 5, { value: 32 });
    assembler.alu64(Alu.NEG, 5, { value: 0 });
    assembler.alu64(Alu.OR, 2, { register: 5 });
    assembler.alu64(Alu.MOV, 3, { register: FRAME });
    assembler.alu64(Alu.ADD, 3, { value: LOADED });
    assembler.alu32(Alu.MOV, 4, { value: size });
    assembler.callHelper(this.#hook === "xdp" ? "xdp_load_bytes" : "skb_load_bytes");
    assembler.load(size, 1, FRAME, LOADED);
    assembler.toHostOrder(1, size);
    // The result of a failure is negative in all its upper bits, and stays negative.
    assembler.alu64(Alu.OR, 0, { register: 1 });
  }

  #emitOnTheWire(size: LoadSize, label: Label): void {
    const assembler = this.#assembler;
    const prefix: Register = 6;
    const offset: Register = 7;
    const notThere = new Label();
    const rare = new Label();
    assembler.place(label);
    assembler.alu64(Alu.MOV, prefix, { register: 3 });
    assembler.alu64(Alu.MOV, offset, { register: 2 });
    assembler.load(8, 3, prefix, SHIFT);
    assembler.alu64(Alu.SUB, 2, { register: 3 });
    this.#loadThere(size);
    // The result is also negative for an offset below those of linear bytes.
    assembler.alu64(Alu.MOV, 1, { register: offset });
    assembler.alu64(Alu.SUB, 1, { value: IN_A_ROW_FROM });
    assembler.alu64(Alu.ARSH, 1, { value: 63 });
    assembler.alu64(Alu.OR, 0, { register: 1 });
    assembler.branch64(Jump.JSLT, 0, { value: 0 }, rare);
    assembler.exit();

    assembler.place(rare);
    assembler.branch64(Jump.JGT, offset, { value: IN_A_ROW_FROM - 1 }, notThere);
    assembler.alu64(Alu.MOV, 1, { register: offset });
    assembler.alu64(Alu.ADD, 1, { value: size });
    assembler.load(8, 2, prefix, LENGTH);
    assembler.branch64(Jump.JGT, 1, { register: 2 }, notThere);
    assembler.alu64(Alu.ADD, prefix, { register: offset });
    assembler.alu32(Alu.MOV, 0, { value: 0 });
    for (let byte = 0; byte < size; byte++) {
      assembler.alu64(Alu.LSH, 0, { value: 8 });
      assembler.load(1, 1, prefix, byte);
      assembler.alu64(Alu.OR, 0, { register: 1 });
    }
    assembler.exit();
    assembler.place(notThere);
    assembler.alu64(Alu.MOV, 0, { value: NOT_THERE });
    assembler.exit();
  }
}

function labelFor(labels: Map<LoadSize, Label>, size: LoadSize): Label {
  const label = labels.get(size) ?? new Label();
  labels.set(size, label);
  return label;
}

/** The largest load below IN_A_ROW_FROM ends inside the prefix. */
if (IN_A_ROW_FROM - 1 + 4 > PREFIX_LENGTH) throw new Error("the prefix is too short");
