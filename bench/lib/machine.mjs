// On what was measured.
import { execFileSync } from "node:child_process";
import { cpus, release, totalmem } from "node:os";

export function describeMachine() {
  const processors = cpus();
  return {
    cpus: processors.length,
    model: processors[0]?.model ?? "?",
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
  };
}

/** The type of the file system that a directory is on. @param {string} directory */
export function fileSystemOf(directory) {
  return execFileSync("stat", ["-f", "-c", "%T", directory], { encoding: "utf8" }).trim();
}
