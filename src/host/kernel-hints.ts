/** Says what to do about an errno of the kernel. It looks at the host and does not guess. */
import { type KernelFacts, readKernelFacts } from "./kernel-facts.ts";
import { isAtLeast, parseKernelVersion } from "./kernel-version.ts";
import type { Capability } from "./process-privileges.ts";

/** The parts of a failed system call on which the hint depends. */
export interface Refusal {
  /** errno name: "EPERM". */
  readonly errno: string;
  /** What the addon tried: "create a clsact qdisc". */
  readonly operation?: string | undefined;
  /** The capabilities that it takes; default: those of a capture. */
  readonly needed?: readonly Capability[] | undefined;
  /** The verifier's words, if it was asked. */
  readonly verifierLog?: string | undefined;
}

/** Capabilities with which BPF programs are loaded and attached. */
const NEEDED: readonly Capability[] = ["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON"];
/** Kernel modules that a capture at TC needs before Linux 6.6. */
export const TC_MODULES = ["sch_ingress", "cls_bpf"] as const;
/** Descriptors that loading a program takes, and some more. */
const DESCRIPTORS_OF_A_START = 32;

/** The hint where nothing is known that helps. */
export const REPORT = "please report it with the output of `ringcap doctor`";

const HINTS: Readonly<Record<string, string>> = {
  EBUSY: 'another program holds the place: `ringcap -D` shows it; `hook: "tc"` works beside it',
  EEXIST: 'another XDP program is attached in another mode: `ringcap -D` shows it; `hook: "tc"` works beside it',
  EOPNOTSUPP: 'the driver of this interface cannot do it: try `hook: "xdp-generic"` or `hook: "tc"`',
  ERANGE:
    'the interface has as many programs at TC as the kernel takes, 63: `bpftool net` shows them; `hook: "packet"` works beside them',
  ENOMEM: "the kernel has no memory for it: make the rings smaller with `bufferSize`",
  ENOSYS: "this kernel is built without BPF: `ringcap doctor` says what is missing",
  E2BIG: "the kernel does not know all of what was asked: `ringcap doctor` says what is missing",
  EINVAL: "the kernel may be too old for it: `ringcap doctor` says what is missing",
  ENFILE: "the whole system has as many files open as it may: raise the limit with `sysctl fs.file-max`",
};

/** Whether libbpf could not create a map, and let the program that needs it be refused for it. */
export function lacksMap(verifierLog: string): boolean {
  return /is referenced but wasn't created|<invalid BPF map reference>/.test(verifierLog);
}

/** Undefined where there is nothing to say. */
export function kernelHint(refusal: Refusal, facts: KernelFacts = readKernelFacts()): string | undefined {
  const { errno, operation, verifierLog } = refusal;
  if (errno === "EMFILE" || lacksDescriptors(refusal, facts)) return descriptorHint(facts);
  if (verifierLog && errno !== "ENOMEM") return verifierHint(verifierLog, facts);
  switch (errno) {
    case "EPERM":
    case "EACCES":
      return privilegeHint(facts, refusal.needed);
    case "ENOENT":
      return /clsact qdisc|TC filter/.test(operation ?? "") ? moduleHint(facts) : undefined;
    case "EOPNOTSUPP":
      return operation === "attach a TC filter"
        ? '`tc qdisc show` says what is there: a qdisc `ingress`, or a block of filters that interfaces share, has no place for it before Linux 6.6; `hook: "packet"` works beside both'
        : HINTS.EOPNOTSUPP;
    case "ENOSPC":
      return operation === "watch a descriptor"
        ? "the user watches as many descriptors as allowed: raise the limit with `sysctl fs.epoll.max_user_watches`"
        : "a limit of the kernel is reached: `ulimit -a` and the limits of the control group say which";
    case "errno 524": // ENOTSUPP of include/linux/errno.h
      return facts.jit === false ? jitHint() : HINTS.EINVAL;
    default:
      return HINTS[errno];
  }
}

/** libbpf tries out what the kernel can do, and mistakes a lack of descriptors for a lack of features. */
function lacksDescriptors({ errno, verifierLog }: Refusal, { limits, openDescriptors }: KernelFacts): boolean {
  if (errno !== "EINVAL" && !lacksMap(verifierLog ?? "")) return false;
  return limits.descriptors !== undefined && openDescriptors + DESCRIPTORS_OF_A_START > limits.descriptors;
}

function descriptorHint({ limits }: KernelFacts): string {
  return `a process may have ${limits.descriptors ?? "only so many"} descriptors open here, which are too few: \`ulimit -n 1024\` before it`;
}

function jitHint(): string {
  return "the program needs the JIT compiler: `sysctl -w net.core.bpf_jit_enable=1`";
}

function verifierHint(log: string, facts: KernelFacts): string {
  if (lacksMap(log)) return "the kernel could not create a map of the program: it has no memory for it, or is too old";
  if (/JITed/.test(log)) return jitHint();
  if (/program is too large|too complex|sequence of \d+ jumps/.test(log)) {
    return "the filter is more than the verifier goes through: a shorter expression or fewer kinds of filters load";
  }
  if (lackingCapabilities(facts).includes("CAP_PERFMON")) {
    return `add CAP_PERFMON, without which the verifier is stricter, or run it as root; where that is refused too, ${REPORT}`;
  }
  return REPORT;
}

function lackingCapabilities({ privileges: { capabilities } }: KernelFacts, needed = NEEDED): Capability[] {
  return capabilities.has("CAP_SYS_ADMIN") ? [] : needed.filter((capability) => !capabilities.has(capability));
}

function privilegeHint(facts: KernelFacts, needed?: readonly Capability[]): string {
  const { privileges, lockdown, limits, release, seccomp } = facts;
  if (!privileges.inInitialUserNamespace) {
    return "run it outside the user namespace: bpf(2) does not look at the capabilities in it";
  }
  const lacking = lackingCapabilities(facts, needed);
  const lacksRaw = needed === undefined && !privileges.capabilities.has("CAP_NET_RAW");
  if (lacking.length > 0) {
    const raw = lacksRaw ? " (`promiscuous`: CAP_NET_RAW too)" : "";
    return `run it as root, or give it ${listed(lacking)}${raw}; \`ringcap doctor\` says which are missing`;
  }
  if (lacksRaw)
    return 'run it as root, or give it the capability CAP_NET_RAW, which `promiscuous` and `hook: "packet"` take';
  if (lockdown !== "none") {
    return `the kernel is locked down (${lockdown}): kernel_lockdown(7) says what that refuses, and how it is lifted`;
  }
  const version = parseKernelVersion(release);
  if (limits.lockedBytes !== undefined && version !== undefined && !isAtLeast(version, 5, 11)) {
    return `a process may lock ${limits.lockedBytes} bytes here, which rings count against before Linux 5.11: \`ulimit -l unlimited\` before it`;
  }
  if (seccomp) return "a seccomp filter, of a container or of systemd, refuses bpf(2): it has to allow it";
  return "the process has every capability for it: a security module (SELinux, AppArmor) refuses it, and `dmesg` says which";
}

function listed(names: readonly string[]): string {
  const [first = "", ...others] = names;
  const last = others.pop();
  const kind = last === undefined ? "the capability" : "the capabilities";
  return `${kind} ${last === undefined ? first : `${[first, ...others].join(", ")} and ${last}`}`;
}

/** How the modules of TC get into the kernel. */
export function moduleHint({ hasModule, release }: KernelFacts): string {
  const missing = TC_MODULES.filter((name) => !hasModule(name));
  if (missing.length === 0) return `the kernel's modules are not loaded: \`modprobe -a ${TC_MODULES.join(" ")}\``;
  return `the kernel ${release} has no module ${missing.join(" and ")} here: install the package of its other modules (linux-modules-extra, kernel-modules-extra), or use \`hook: "xdp"\``;
}
