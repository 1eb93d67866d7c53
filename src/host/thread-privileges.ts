/** What each thread of this process may do, as /proc tells it (proc_pid_status(5)). */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { errnoOf } from "../errors.ts";

const THREADS = "/proc/self/task";

export interface ThreadPrivileges {
  /** The four user ids (real, effective, saved and of the file system) and the same four group ids. */
  readonly users: readonly number[];
  readonly groups: readonly number[];
  readonly supplementaryGroups: readonly number[];
  /** A bit for each capability (capabilities(7)). */
  readonly inheritable: bigint;
  readonly permitted: bigint;
  readonly effective: bigint;
  readonly ambient: bigint;
  readonly noNewPrivileges: boolean;
}

/** @throws Error for a text that does not tell all of it */
export function parseThreadPrivileges(status: string): ThreadPrivileges {
  const field = (name: string) => {
    const value = new RegExp(`^${name}:(.*)$`, "m").exec(status)?.[1];
    if (value === undefined) throw new Error(`the status of a thread has no ${name}`);
    return value.trim();
  };
  const numbers = (name: string) => (field(name).match(/\d+/g) ?? []).map(Number);
  const bits = (name: string) => BigInt(`0x${field(name)}`);
  return {
    users: numbers("Uid"),
    groups: numbers("Gid"),
    supplementaryGroups: numbers("Groups"),
    inheritable: bits("CapInh"),
    permitted: bits("CapPrm"),
    effective: bits("CapEff"),
    ambient: bits("CapAmb"),
    noNewPrivileges: field("NoNewPrivs") === "1",
  };
}

/** Whether /proc is there. */
export function canListThreads(): boolean {
  return existsSync(THREADS);
}

/**
 * The privileges of each thread by its number, without threads that ended meanwhile. @throws a system failure without
 * /proc
 */
export function readThreadPrivileges(): Map<number, ThreadPrivileges> {
  const threads = new Map<number, ThreadPrivileges>();
  for (const name of readdirSync(THREADS)) {
    try {
      threads.set(Number(name), parseThreadPrivileges(readFileSync(`${THREADS}/${name}/status`, "utf8")));
    } catch (error) {
      if (!["ENOENT", "ESRCH"].includes(errnoOf(error) ?? "")) throw error;
    }
  }
  return threads;
}
