/** A compiled filter that is loaded in front of the program to which it hands matching packets. */
import { errnoOf } from "../../errors.ts";
import { BpfMap } from "../../native/map.ts";
import { BpfProgram, ProgramType } from "../../native/program.ts";
import type { Program } from "../classic/instruction.ts";
import { type AssembledProgram, link } from "./assembler.ts";
import { compileToEbpf } from "./compile.ts";
import { COUNTERS_MAP, NEXT_PROGRAM_MAP } from "./emit/entry.ts";
import type { Placement } from "./hook.ts";

/**
 * The errors of the verifier for a program that is too much for it (push_stack() and do_check() of
 * kernel/bpf/verifier.c).
 */
const TOO_COMPLEX: ReadonlySet<string | undefined> = new Set(["E2BIG", "EFAULT", "ENOMEM", "ENOSPC"]);

export class FilterProgram implements Disposable {
  /** The program to attach or run. It returns the verdict to pass where the packet does not match. */
  readonly program: BpfProgram;
  readonly #next: BpfMap;

  private constructor(program: BpfProgram, next: BpfMap) {
    this.program = program;
    this.#next = next;
  }

  /**
   * @param counters per-CPU array of struct capture_counters, where packets are counted as seen
   * @param next takes the packets that match; it must be of the same type and take fragments at XDP
   * @param tableName of the map that holds the next program, at most 15 bytes
   * @throws RingcapError USAGE for what the hook cannot tell; PRIVILEGE or KERNEL with the verifier's last lines
   */
  static load(
    filter: Program,
    placement: Placement,
    counters: BpfMap,
    next: BpfProgram | undefined,
    tableName = "ringcap_next",
  ): FilterProgram {
    const candidates = compileToEbpf(filter, placement);
    let table: BpfMap | undefined;
    try {
      table = BpfMap.createProgramArray(1, tableName);
      const maps = { [COUNTERS_MAP]: counters.descriptor.fd, [NEXT_PROGRAM_MAP]: table.descriptor.fd };
      const type = placement.hook === "xdp" ? ProgramType.XDP : ProgramType.TC;
      const program = loadFirst(candidates, (candidate) =>
        BpfProgram.load(type, link(candidate, maps), "ringcap_filter"),
      );
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
      throw error;
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

/** Loads the first of the programs that the verifier accepts. */
function loadFirst(
  [candidate, ...others]: readonly [AssembledProgram, ...AssembledProgram[]],
  load: (program: AssembledProgram) => BpfProgram,
): BpfProgram {
  try {
    return load(candidate);
  } catch (error) {
    const [next, ...rest] = others;
    if (next === undefined || !TOO_COMPLEX.has(errnoOf(error))) throw error;
    return loadFirst([next, ...rest], load);
  }
}
