/** The directory of one run of a check, whose name says which process made it, so that a killed check leaves none for long. */
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";

const NAME = /^ringcap-check-(\d+)-(\d+)-\w{6}$/;

/** @param parent a directory that only root can write, in which those of dead checks are removed @returns the path */
export function makeRunDirectory(parent: string): string {
  const namespace = processNamespace();
  for (const name of readdirSync(parent)) {
    const [, theirs, pid] = NAME.exec(name) ?? [];
    if (theirs === namespace && !isAlive(Number(pid))) removeOwn(join(parent, name));
  }
  return mkdtempSync(join(parent, `ringcap-check-${namespace}-${process.pid}-`));
}

/** The number of the namespace in which process numbers hold (pid_namespaces(7)). */
function processNamespace(): string {
  return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
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
