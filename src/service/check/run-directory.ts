/** The directories of one run of a check, whose names say which process made them, so that a killed check leaves none for long. */
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../../errors.ts";

const NAME = /^\.?ringcap-check-(\d+)-(\d+)-\w+$/;

/** @param parent a directory that only root can write, in which those of dead checks are removed @returns the path */
export function makeRunDirectory(parent: string): string {
  for (const name of namesOfDeadChecks(parent)) removeOwn(join(parent, name));
  return mkdtempSync(join(parent, ownPrefix()));
}

/** What the names begin with that this process gives to its directories, beside a dot. */
export function ownPrefix(): string {
  return `ringcap-check-${processNamespace()}-${process.pid}-`;
}

/** The names in a directory that checks gave which do not run any more, as far as this process can see them. */
export function namesOfDeadChecks(directory: string): string[] {
  const namespace = processNamespace();
  return readdirSync(directory).filter((name) => {
    const [, theirs, pid] = NAME.exec(name) ?? [];
    return theirs === namespace && !isAlive(Number(pid));
  });
}

/** The number of the namespace in which process numbers hold (pid_namespaces(7)). */
function processNamespace(): string {
  return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}

function removeOwn(path: string): void {
  try {
    const stats = lstatSync(path);
    if (stats.isDirectory() && stats.uid === process.geteuid?.()) rmSync(path, { recursive: true });
  } catch {
    // Another check removes it too.
  }
}
