/** A compiled filter in the kernel, in front of the program that it hands matching packets to. */
import { kernelError } from "../../errors.ts";
import { BpfMap } from "../../libbpf/map.ts";
import { BpfProgram, ProgramType, XDP_HAS_FRAGS } from "../../libbpf/program.ts";
import type { Program } from "../classic/instruction.ts";
import { link } from "./assembler.ts";
import { compileToEbpf } from "./compile.ts";
import { COUNTERS_MAP, NEXT_PROGRAM_MAP } from "./emit/entry.ts";
import type { Placement } from "./hook.ts";

export class FilterProgram implements Disposable {
  /** What is attached or run; it ends with the verdict to pass where the packet does not match. */
  readonly program: BpfProgram;
  readonly #next: BpfMap;

  private constructor(program: BpfProgram, next: BpfMap) {
    this.program = program;
    this.#next = next;
  }

  /**
   * @param counters per-CPU array of struct capture_counters, where packets are counted as seen
   * @param next takes the packets that match; it must be of the same type and take fragments at XDP
   * @throws RingcapError USAGE for what the hook cannot tell; PRIVILEGE or KERNEL with the verifier's last lines
   */
  static load(filter: Program, placement: Placement, counters: BpfMap, next: BpfProgram | undefined): FilterProgram {
    const compiled = compileToEbpf(filter, placement);
    let table: BpfMap | undefined;
    try {
      table = BpfMap.createProgramArray(1, "ringcap_next");
      const maps = { [COUNTERS_MAP]: counters.descriptor.fd, [NEXT_PROGRAM_MAP]: table.descriptor.fd };
      const [type, flags] = placement.hook === "xdp" ? [ProgramType.XDP, XDP_HAS_FRAGS] : [ProgramType.TC, 0];
      const program = BpfProgram.load(type, link(compiled, maps), "ringcap_filter", flags);
      const loaded = new FilterProgram(program, table);
      try {
        if (next !== undefined) table.setProgram(0, next);
        return loaded;
      } catch (error) {
        program.close();
        throw error;
      }
    } catch (error) {
      table?.close();
      throw kernelError("load the program of the expression", error);
    }
  }

  close(): void {
    this.program.close();
    this.#next.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
