/** The root of cgroups: what is attached there sees the sockets of all. */
import { readFileSync } from "node:fs";
import { RingcapError, reasonOf } from "../errors.ts";

/** Where cgroup version 2 is mounted. @throws RingcapError KERNEL where the mounts cannot be read */
export function cgroupRoot(): string | undefined {
  try {
    const mounts = readFileSync("/proc/self/mounts", "utf8");
    return /^\S+ (\S+) cgroup2 /m.exec(mounts)?.[1]?.replaceAll("\\040", " ");
  } catch (error) {
    throw new RingcapError(`read the mounts: ${reasonOf(error)}`, { code: "KERNEL", operation: "read the mounts" });
  }
}
