/** Facts that only files of the kernel tell. In a chroot or a container these files may be missing. */
import { readFileSync, readlinkSync } from "node:fs";
import { errnoOf, RingcapError, reasonOf } from "../errors.ts";

const MOUNT_HINTS = {
  "/proc": "mount /proc: `mkdir -p /proc && mount -t proc proc /proc`",
  "/sys": "mount /sys: `mkdir -p /sys && mount -t sysfs sysfs /sys`",
} as const;

export type KernelDirectory = keyof typeof MOUNT_HINTS;

/** How to make those files visible. */
export function mountHint(directory: KernelDirectory): string {
  return MOUNT_HINTS[directory];
}

/** The inode number of this process's network namespace, as `stat -L` has it. @throws RingcapError KERNEL without /proc */
export function ownNetworkNamespace(): number {
  const link = fromProc("tell this network namespace from others", () => readlinkSync("/proc/self/ns/net"));
  return Number(/\d+/.exec(link)?.[0]);
}

/** Text of the mounts that this process sees (proc_pid_mounts(5)). @throws RingcapError KERNEL without /proc */
export function readMounts(): string {
  return fromProc("read the mounts", () => readFileSync("/proc/self/mounts", "utf8"));
}

/** The IPv4 routes of this network namespace (proc_net_route(5)). @throws RingcapError KERNEL without /proc */
export function readRoutes(): string {
  return fromProc("look for default routes", () => readFileSync("/proc/net/route", "utf8"));
}

function fromProc<T>(operation: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const hint = errnoOf(error) === "ENOENT" ? mountHint("/proc") : undefined;
    throw new RingcapError(`${operation}: ${reasonOf(error)}`, { code: "KERNEL", operation, hint, cause: error });
  }
}

/** libbpf reads files of /sys only to count CPUs, which no system call tells. */
export function withCpusFromSys<T>(operation: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!isUncountedCpus(error)) throw error;
    const message = `${operation}: ${reasonOf(error)}`;
    throw new RingcapError(message, { code: "KERNEL", operation, hint: mountHint("/sys"), cause: error });
  }
}

function isUncountedCpus(error: unknown): boolean {
  return errnoOf(error) === "ENOENT" && error instanceof Error && error.message.startsWith("/sys/");
}
