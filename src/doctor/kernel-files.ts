/** Whether those file systems are mounted in which the kernel shows facts about itself. */
import { existsSync } from "node:fs";
import { type KernelDirectory, mountHint } from "../native/kernel-files.ts";
import type { Check } from "./check.ts";

const WITNESSES: readonly {
  readonly directory: KernelDirectory;
  readonly file: string;
  readonly status: "missing" | "warning";
  readonly finding: string;
}[] = [
  {
    directory: "/proc",
    file: "/proc/self/status",
    status: "warning",
    finding: "not mounted: neither default routes, capabilities nor processes are known",
  },
  {
    directory: "/sys",
    file: "/sys/devices/system/cpu/possible",
    status: "missing",
    finding: "not mounted: XDP and TC need the number of CPUs",
  },
];

/** One check for each file system that is not mounted. */
export function checkKernelFiles(): Check[] {
  return WITNESSES.filter(({ file }) => !existsSync(file)).map(({ directory, status, finding }) => {
    return { name: directory, status, finding, remedy: mountHint(directory) };
  });
}
