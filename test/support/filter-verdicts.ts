/** What compiled filters decide about packets, run in the kernel. */
import type { Program } from "../../src/filter/classic/instruction.ts";
import { Assembler } from "../../src/filter/ebpf/assembler.ts";
import { FilterProgram } from "../../src/filter/ebpf/filter-program.ts";
import type { Placement } from "../../src/filter/ebpf/hook.ts";
import { Alu } from "../../src/filter/ebpf/opcodes.ts";
import { BpfProgram, ProgramType } from "../../src/native/program.ts";
import { countersMap } from "./counters-map.ts";

/** XDP_DROP and TC_ACT_SHOT, which a filter program never returns itself. */
const MATCHED = { [ProgramType.XDP]: 1, [ProgramType.TC]: 2 } as const;

export const ETHERNET_PLACEMENTS: readonly Placement[] = (["xdp", "tc-ingress", "tc-egress"] as const).map((hook) => ({
  hook,
  linkLayer: "ethernet",
  origin: 0,
}));

/** Runs filter programs in front of a program that tells, by what it returns, that it was reached. */
export class FilterVerdicts implements Disposable {
  readonly #type: keyof typeof MATCHED;
  readonly #placement: Placement;
  readonly #counters = countersMap();
  readonly #reached: BpfProgram;

  constructor(placement: Placement) {
    this.#placement = placement;
    this.#type = placement.hook === "xdp" ? ProgramType.XDP : ProgramType.TC;
    const assembler = new Assembler();
    assembler.alu32(Alu.MOV, 0, { value: MATCHED[this.#type] });
    assembler.exit();
    this.#reached = BpfProgram.load(this.#type, assembler.assemble().bytes, "reached");
  }

  /** Which packets match; undefined for those that the kernel takes for no test run. */
  of(program: Program, packets: readonly Uint8Array[]): (boolean | undefined)[] {
    using filter = FilterProgram.load(program, this.#placement, this.#counters, this.#reached);
    return packets.map((packet) => {
      try {
        return filter.program.testRun(packet).returnValue === MATCHED[this.#type];
      } catch {
        return undefined;
      }
    });
  }

  [Symbol.dispose](): void {
    this.#reached.close();
    this.#counters.close();
  }
}
