/** Facts about the kernel and this process, for explaining why the kernel refused something. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { type ProcessPrivileges, readProcessPrivileges } from "./process-privileges.ts";

export interface KernelFacts {
  /** `uname -r` */
  readonly release: string;
  readonly privileges: ProcessPrivileges;
  /** "none", "integrity" or "confidentiality" (kernel_lockdown(7)). */
  readonly lockdown: string;
  /** Whether a seccomp filter decides about the system calls of this process (seccomp(2)). */
  readonly seccomp: boolean;
  /** Whether programs become machine code; undefined where the kernel does not say. */
  readonly jit: boolean | undefined;
  /** Soft limits; undefined where there is no limit. */
  readonly limits: { readonly descriptors: number | undefined; readonly lockedBytes: number | undefined };
  /** Descriptors that are open. */
  readonly openDescriptors: number;
  /** Whether there is a file of the module, or it is built in. */
  hasModule(name: string): boolean;
  /** Whether the module is there, or the kernel gets it when it is asked for what the module does. */
  isModuleAtHand(name: string): boolean;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Reads the facts that change. A file that does not exist, for example without /proc, gives no fact. */
export function readKernelFacts(): KernelFacts {
  const limits = textOf("/proc/self/limits");
  const limit = (name: string) => {
    const soft = new RegExp(`^${name}\\s+(\\d+)`, "m").exec(limits)?.[1];
    return soft === undefined ? undefined : Number(soft);
  };
  const jit = textOf("/proc/sys/net/core/bpf_jit_enable").trim();
  return {
    release: release(),
    privileges: readProcessPrivileges(),
    lockdown: /\[(\w+)\]/.exec(textOf("/sys/kernel/security/lockdown"))?.[1] ?? "none",
    seccomp: /^Seccomp:\s*2$/m.test(textOf("/proc/self/status")),
    jit: jit === "" ? undefined : jit !== "0",
    limits: { descriptors: limit("Max open files"), lockedBytes: limit("Max locked memory") },
    openDescriptors: countDescriptors(),
    hasModule,
    isModuleAtHand,
  };
}

/** Looking takes a descriptor too, so where none is left, all are taken. */
function countDescriptors(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** modules.dep(5), and modules.builtin beside it. */
function hasModule(name: string): boolean {
  const directory = `/lib/modules/${release()}`;
  const pattern = new RegExp(`(^|/)${name}\\.ko`, "m");
  return pattern.test(textOf(`${directory}/modules.dep`)) || pattern.test(textOf(`${directory}/modules.builtin`));
}

/**
 * A function of each module whose files may be missing because the module is built in. The function shows that it is
 * there.
 */
const FUNCTIONS: Readonly<Record<string, string>> = { sch_ingress: "clsact_init", cls_bpf: "cls_bpf_classify" };

/** request_module() of the kernel runs what /proc/sys/kernel/modprobe names. */
function isModuleAtHand(name: string): boolean {
  if (existsSync(`/sys/module/${name}`)) return true;
  if (new RegExp(`\\s${FUNCTIONS[name] ?? name}\\b`).test(textOf("/proc/kallsyms"))) return true;
  const modprobe = textOf("/proc/sys/kernel/modprobe").trim();
  return modprobe !== "" && existsSync(modprobe) && hasModule(name);
}
