/**
 * Reads an Ethernet frame at TC as it was on the wire. The outer VLAN tag, which lies in the metadata of the socket
 * buffer, is back between the addresses and the EtherType. An Ethernet header in front of the data is part of the
 * frame. (bpf/capture/copy.h and bpf/capture/detached_header.h do the same for what is captured.) The first bytes are
 * put together on the stack, and what follows them is linear, at a distance that is computed once.
 */
import type { AncillaryField, LoadSize } from "../../classic/instruction.ts";
import type { Assembler, Label, Register } from "../assembler.ts";
import type { FilterHook } from "../hook.ts";
import { Alu, Jump } from "../opcodes.ts";
import { emitAncillary } from "./ancillary.ts";
import type { Exits } from "./body.ts";
import type { LoadFunctions } from "./load-functions.ts";
import { A, CONTEXT, FRAME, PREFIX_LENGTH, Stack, X } from "./machine.ts";
import type { PacketAccess } from "./packet-access.ts";

export class WireAccess implements PacketAccess {
  readonly #assembler: Assembler;
  readonly #hook: FilterHook;
  readonly #functions: LoadFunctions;
  readonly #exits: Exits;

  constructor(assembler: Assembler, hook: FilterHook, functions: LoadFunctions, exits: Exits) {
    this.#assembler = assembler;
    this.#hook = hook;
    this.#functions = functions;
    this.#exits = exits;
  }

  guard(): void {}

  guardIndexed(): void {}

  load(size: LoadSize, offset: number): void {
    this.#loadInto(A, size, offset);
  }

  loadByte(register: Register, offset: number): void {
    this.#loadInto(register, 1, offset);
  }

  loadIndexed(size: LoadSize, offset: number): void {
    const assembler = this.#assembler;
    assembler.alu32(Alu.MOV, 2, { register: X });
    assembler.alu64(Alu.ADD, 2, { value: offset });
    assembler.alu64(Alu.MOV, 3, { register: FRAME });
    assembler.alu64(Alu.ADD, 3, { value: Stack.PREFIX });
    this.#call(this.#functions.onTheWire(size), A);
  }

  loadLength(register: Register): void {
    this.#assembler.load(8, register, FRAME, Stack.LENGTH);
  }

  loadAncillary(field: AncillaryField): void {
    emitAncillary(this.#assembler, this.#hook, field);
  }

  #loadInto(register: Register, size: LoadSize, offset: number): void {
    if (offset + size <= PREFIX_LENGTH) {
      this.#loadFromPrefix(register, size, offset);
      return;
    }
    this.#assembler.load(8, 3, FRAME, Stack.SHIFT);
    this.#assembler.alu32(Alu.MOV, 2, { value: offset });
    this.#assembler.alu64(Alu.SUB, 2, { register: 3 });
    this.#call(this.#functions.plain(size), register);
  }

  #loadFromPrefix(register: Register, size: LoadSize, offset: number): void {
    const assembler = this.#assembler;
    const address = Stack.PREFIX + offset;
    assembler.load(8, 0, FRAME, Stack.LENGTH);
    assembler.branch64(Jump.JLT, 0, { value: offset + size }, this.#exits.noMatch);
    if (address % size === 0) {
      assembler.load(size, register, FRAME, address);
      assembler.toHostOrder(register, size);
      return;
    }
    // The verifier wants the stack read in its alignment.
    assembler.load(1, register, FRAME, address);
    for (let byte = 1; byte < size; byte++) {
      assembler.alu32(Alu.LSH, register, { value: 8 });
      assembler.load(1, 0, FRAME, address + byte);
      assembler.alu32(Alu.OR, register, { register: 0 });
    }
  }

  #call(load: Label, register: Register): void {
    this.#assembler.alu64(Alu.MOV, 1, { register: CONTEXT });
    this.#assembler.callFunction(load);
    this.#assembler.branch64(Jump.JSLT, 0, { value: 0 }, this.#exits.noMatch);
    this.#assembler.alu32(Alu.MOV, register, { register: 0 });
  }
}
