/** The CPUs that are online, and those that may come online. */
import { readFileSync } from "node:fs";
import { possibleCpus } from "../native/system.ts";

/**
 * The numbers of the CPUs that are online, ascending. They are those of all possible CPUs where the kernel does not say
 * which are online.
 */
export function onlineCpus(): number[] {
  return cpuList("online");
}

/** Numbers of the CPUs that this machine may ever have, ascending. */
export function possibleCpuNumbers(): number[] {
  return cpuList("possible");
}

function cpuList(name: "online" | "possible"): number[] {
  let list: string;
  try {
    list = readFileSync(`/sys/devices/system/cpu/${name}`, "utf8");
  } catch {
    return Array.from({ length: possibleCpus() }, (_, cpu) => cpu);
  }
  return parseCpuList(list);
}

/** "0-3,8" as in Documentation/admin-guide/cputopology.rst. */
export function parseCpuList(list: string): number[] {
  return list
    .trim()
    .split(",")
    .flatMap((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}
