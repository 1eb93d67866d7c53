/** The root of the control groups. A program that is attached there sees the sockets of all processes. */
import { readMounts } from "./kernel-files.ts";

/** Where cgroup version 2 is mounted. @throws RingcapError KERNEL where the mounts cannot be read */
export function cgroupRoot(): string | undefined {
  return /^\S+ (\S+) cgroup2 /m.exec(readMounts())?.[1]?.replaceAll("\\040", " ");
}
