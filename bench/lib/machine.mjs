// On what was measured.
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
