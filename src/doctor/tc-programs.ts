/** Lists the programs and filters that stand at TC on an interface. */
import { listClsact } from "../native/clsact.ts";
import { programName } from "../native/program.ts";
import { queryChain } from "../native/program-chain.ts";

/** A program of the chain (TCX), or a filter of the qdisc clsact, in the order in which packets meet them. */
export interface TcProgram {
  readonly direction: "in" | "out";
  readonly place: "chain" | "clsact";
  /** The kind of the filter: "bpf" of all programs, and "flower" and the like of other filters. */
  readonly kind: string;
  /** The priority of a filter of clsact. */
  readonly priority?: number;
  /** The number of the program; undefined of filters of other kinds. */
  readonly programId?: number;
  /** The name of the program; undefined without CAP_SYS_ADMIN. */
  readonly programName?: string;
}

/** Asks for both directions. The kernel tells of the chain with CAP_NET_ADMIN alone, and from Linux 6.6 on. */
export function tcProgramsOf(interfaceIndex: number): TcProgram[] {
  return (["in", "out"] as const).flatMap((direction) => {
    const egress = direction === "out";
    const chain = whereTold(() => queryChain({ interfaceIndex, egress }).programIds);
    const filters = whereTold(() => listClsact(interfaceIndex, egress));
    return [
      ...chain.map((id) => ({ direction, place: "chain", kind: "bpf", ...namedProgram(id) }) as const),
      ...filters.map(({ kind, priority, programId }) => {
        return { direction, place: "clsact", kind, priority, ...namedProgram(programId) } as const;
      }),
    ];
  });
}

/** Describes a program in words: `watch (program 12)`, `flower (priority 5)`. */
export function describeTcProgram({ kind, priority, programId, programName: name }: TcProgram): string {
  const details = [
    ...(programId === undefined || name === undefined ? [] : [`program ${programId}`]),
    ...(priority === undefined ? [] : [`priority ${priority}`]),
  ];
  const what = programId === undefined ? kind : (name ?? `program ${programId}`);
  return details.length === 0 ? what : `${what} (${details.join(", ")})`;
}

/** Describes all programs of an interface by direction: `in: watch (program 12); out: flower (priority 5)`. */
export function describeTcPrograms(programs: readonly TcProgram[]): string {
  const ways = (["in", "out"] as const).map((way) => {
    const texts = programs.filter(({ direction }) => direction === way).map(describeTcProgram);
    return texts.length === 0 ? "" : `${way}: ${texts.join(", ")}`;
  });
  return ways.filter((text) => text !== "").join("; ");
}

function namedProgram(programId: number): Pick<TcProgram, "programId" | "programName"> {
  if (programId === 0) return {};
  const name = programName(programId);
  return name === undefined ? { programId } : { programId, programName: name };
}

/** The interface may have gone, the kernel be too old, or the process lack the right to ask. */
function whereTold<Item>(ask: () => readonly Item[]): readonly Item[] {
  try {
    return ask();
  } catch {
    return [];
  }
}
