/**
 * Reads the packet where it lies, from `data` on. The exact function handles bytes that are not there, because the
 * packet is shorter or because its bytes are elsewhere. No helper is called here, and R2 to R5 keep their values.
 */
import type { AncillaryField, LoadSize } from "../../classic/instruction.ts";
import type { Assembler, Label, Register } from "../assembler.ts";
import type { Placement } from "../hook.ts";
import { Alu, Jump } from "../opcodes.ts";
import { emitAncillary } from "./ancillary.ts";
import { contextOf } from "./context.ts";
import { A, CONTEXT, FRAME, Stack, X } from "./machine.ts";
import type { PacketAccess } from "./packet-access.ts";

const DATA: Register = 2;
const DATA_END: Register = 3;
/** DATA + X. */
const INDEXED: Register = 5;

/** The largest offset into a packet that the verifier follows (MAX_PACKET_OFF of kernel/bpf/verifier.c). */
const PACKET_OFFSET_MAX = 0xffff;

/** The offset of a load is a signed number of sixteen bits. */
export const LINEAR_OFFSET_MAX = 0x7fff;

export class LinearAccess implements PacketAccess {
  readonly #assembler: Assembler;
  readonly #placement: Placement;
  readonly #elsewhere: Label;

  constructor(assembler: Assembler, placement: Placement, elsewhere: Label) {
    this.#assembler = assembler;
    this.#placement = placement;
    this.#elsewhere = elsewhere;
  }

  /** Loads the packet's addresses. */
  begin(): void {
    const { data, dataEnd } = contextOf(this.#placement.hook);
    this.#assembler.load(4, DATA, CONTEXT, data);
    this.#assembler.load(4, DATA_END, CONTEXT, dataEnd);
  }

  guard(end: number): void {
    this.#assembler.alu64(Alu.MOV, 1, { register: DATA });
    this.#assembler.alu64(Alu.ADD, 1, { value: end + this.#placement.origin });
    this.#assembler.branch64(Jump.JGT, 1, { register: DATA_END }, this.#elsewhere);
  }

  guardIndexed(end: number): void {
    const wholeEnd = end + this.#placement.origin;
    this.#assembler.alu32(Alu.MOV, 4, { register: X });
    this.#assembler.branch32(Jump.JGT, 4, { value: PACKET_OFFSET_MAX - wholeEnd }, this.#elsewhere);
    this.#assembler.alu64(Alu.MOV, INDEXED, { register: DATA });
    this.#assembler.alu64(Alu.ADD, INDEXED, { register: 4 });
    this.#assembler.alu64(Alu.MOV, 1, { register: INDEXED });
    this.#assembler.alu64(Alu.ADD, 1, { value: wholeEnd });
    this.#assembler.branch64(Jump.JGT, 1, { register: DATA_END }, this.#elsewhere);
  }

  load(size: LoadSize, offset: number): void {
    this.#assembler.load(size, A, DATA, offset + this.#placement.origin);
    this.#assembler.toHostOrder(A, size);
  }

  loadIndexed(size: LoadSize, offset: number): void {
    this.#assembler.load(size, A, INDEXED, offset + this.#placement.origin);
    this.#assembler.toHostOrder(A, size);
  }

  loadByte(register: Register, offset: number): void {
    this.#assembler.load(1, register, DATA, offset + this.#placement.origin);
  }

  loadLength(register: Register): void {
    this.#assembler.load(8, register, FRAME, Stack.LENGTH);
  }

  loadAncillary(field: AncillaryField): void {
    emitAncillary(this.#assembler, this.#placement.hook, field);
  }
}
