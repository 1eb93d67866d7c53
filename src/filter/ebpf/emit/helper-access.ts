/** Reads the packet by helpers of the kernel, wherever its bytes are. */
import type { AncillaryField, LoadSize } from "../../classic/instruction.ts";
import type { Assembler, Register } from "../assembler.ts";
import type { Placement } from "../hook.ts";
import { Alu, Jump } from "../opcodes.ts";
import { emitAncillary } from "./ancillary.ts";
import type { Exits } from "./body.ts";
import type { LoadFunctions } from "./load-functions.ts";
import { A, CONTEXT, FRAME, Stack, X } from "./machine.ts";
import type { PacketAccess } from "./packet-access.ts";

export class HelperAccess implements PacketAccess {
  readonly #assembler: Assembler;
  readonly #placement: Placement;
  readonly #functions: LoadFunctions;
  readonly #exits: Exits;

  constructor(assembler: Assembler, placement: Placement, functions: LoadFunctions, exits: Exits) {
    this.#assembler = assembler;
    this.#placement = placement;
    this.#functions = functions;
    this.#exits = exits;
  }

  guard(): void {}

  guardIndexed(): void {}

  load(size: LoadSize, offset: number): void {
    this.#assembler.alu32(Alu.MOV, 2, { value: offset + this.#placement.origin });
    this.#call(size, A);
  }

  loadIndexed(size: LoadSize, offset: number): void {
    this.#assembler.alu32(Alu.MOV, 2, { register: X });
    this.#assembler.alu64(Alu.ADD, 2, { value: offset + this.#placement.origin });
    this.#call(size, A);
  }

  loadByte(register: Register, offset: number): void {
    this.#assembler.alu32(Alu.MOV, 2, { value: offset + this.#placement.origin });
    this.#call(1, register);
  }

  loadLength(register: Register): void {
    this.#assembler.load(8, register, FRAME, Stack.LENGTH);
  }

  loadAncillary(field: AncillaryField): void {
    emitAncillary(this.#assembler, this.#placement.hook, field);
  }

  #call(size: LoadSize, register: Register): void {
    this.#assembler.alu64(Alu.MOV, 1, { register: CONTEXT });
    this.#assembler.callFunction(this.#functions.plain(size));
    this.#assembler.branch64(Jump.JSLT, 0, { value: 0 }, this.#exits.noMatch);
    this.#assembler.alu32(Alu.MOV, register, { register: 0 });
  }
}
