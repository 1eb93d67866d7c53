/** What this process may do, as /proc tells it. */
import { readFileSync, readlinkSync } from "node:fs";

/** Bits of include/uapi/linux/capability.h. */
export const CAPABILITIES = {
  CAP_CHOWN: 0,
  CAP_SETGID: 6,
  CAP_SETUID: 7,
  CAP_NET_BIND_SERVICE: 10,
  CAP_NET_ADMIN: 12,
  CAP_NET_RAW: 13,
  CAP_SYS_ADMIN: 21,
  CAP_SYS_RESOURCE: 24,
  CAP_PERFMON: 38,
  CAP_BPF: 39,
} as const;

/** A capability of Linux (capabilities(7)) that ringcap may need. */
export type Capability = keyof typeof CAPABILITIES;

/** PROC_USER_INIT_INO of include/linux/proc_ns.h: the number of the initial user namespace on every machine. */
const INITIAL_USER_NAMESPACE = "user:[4026531837]";

export interface ProcessPrivileges {
  readonly root: boolean;
  /** The effective capabilities, among those that ringcap ever needs. */
  readonly capabilities: ReadonlySet<Capability>;
  /** bpf(2) looks only at capabilities in the initial user namespace. */
  readonly inInitialUserNamespace: boolean;
}

/** The effective capabilities from the text of /proc/<pid>/status (proc_pid_status(5)). */
export function parseEffectiveCapabilities(status: string): ReadonlySet<Capability> {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  const all = Object.entries(CAPABILITIES) as [Capability, number][];
  return new Set(all.filter(([, bit]) => ((effective >> BigInt(bit)) & 1n) === 1n).map(([name]) => name));
}

/** Where /proc does not tell, root is assumed to have all capabilities, as it has outside of containers. */
export function readProcessPrivileges(): ProcessPrivileges {
  const root = process.geteuid?.() === 0;
  try {
    return {
      root,
      capabilities: parseEffectiveCapabilities(readFileSync("/proc/self/status", "utf8")),
      inInitialUserNamespace: readlinkSync("/proc/self/ns/user") === INITIAL_USER_NAMESPACE,
    };
  } catch {
    const all = Object.keys(CAPABILITIES) as Capability[];
    return { root, capabilities: new Set(root ? all : []), inInitialUserNamespace: true };
  }
}
