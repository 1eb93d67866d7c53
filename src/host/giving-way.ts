/** Programs that run beside a capture give way to it. */
import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";

/** The most of /proc/<pid>/oom_score_adj (proc(5)). */
const FIRST_TO_END = "1000";

/** Gives a process the lowest priority, and makes it the first that the kernel ends for want of memory. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
    writeFileSync(`/proc/${pid}/oom_score_adj`, FIRST_TO_END);
  } catch {
    // It has ended already, or /proc is not there.
  }
}

/** The environment for a program that gives up its rights by itself: files belong to its user, and not to whoever called sudo. */
export function withoutSudo(): NodeJS.ProcessEnv {
  const { SUDO_UID: _user, SUDO_GID: _group, ...environment } = process.env;
  return environment;
}
