/**
 * Two programs that let every packet go on. They keep the places of a capture program while it moves in its chain, and
 * after its end until the kernel has detached them.
 */
import { Assembler } from "../filter/ebpf/assembler.ts";
import { Alu } from "../filter/ebpf/opcodes.ts";
import { TC_NEXT } from "../generated/layouts.ts";
import { BpfProgram, ProgramType } from "../native/program.ts";
import { PLACEHOLDER_NAME } from "./chain-members.ts";

export class Placeholders implements Disposable {
  /**
   * One program for the new place and one for the old place, because the kernel refuses a program that is twice in a
   * chain.
   */
  readonly programs: readonly [BpfProgram, BpfProgram];

  /** Loads the programs, which needs the same rights as loading the capture program. */
  constructor() {
    const first = loadPlaceholder();
    try {
      this.programs = [first, loadPlaceholder()];
    } catch (error) {
      first.close();
      throw error;
    }
  }

  close(): void {
    for (const program of this.programs) program.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function loadPlaceholder(): BpfProgram {
  const assembler = new Assembler();
  assembler.alu64(Alu.MOV, 0, { value: TC_NEXT });
  assembler.exit();
  return BpfProgram.load(ProgramType.TC, assembler.assemble().bytes, PLACEHOLDER_NAME);
}
