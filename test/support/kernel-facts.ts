import type { KernelFacts } from "../../src/host/kernel-facts.ts";
import type { Capability } from "../../src/host/process-privileges.ts";

const ALL: readonly Capability[] = [
  "CAP_BPF",
  "CAP_NET_ADMIN",
  "CAP_NET_RAW",
  "CAP_PERFMON",
  "CAP_SYS_ADMIN",
  "CAP_SYS_RESOURCE",
];

/** A host on which nothing is missing, but for what is said. */
export function factsOf({
  capabilities = ALL,
  inInitialUserNamespace = true,
  modules = ["sch_ingress", "cls_bpf"],
  ...others
}: Partial<Omit<KernelFacts, "privileges" | "hasModule">> & {
  capabilities?: readonly Capability[];
  inInitialUserNamespace?: boolean;
  modules?: readonly string[];
}): KernelFacts {
  return {
    release: "6.18.0",
    privileges: { root: true, capabilities: new Set(capabilities), inInitialUserNamespace },
    lockdown: "none",
    seccomp: false,
    jit: true,
    limits: { descriptors: 1024, lockedBytes: 65_536 },
    openDescriptors: 30,
    hasModule: (name) => modules.includes(name),
    isModuleAtHand: (name) => modules.includes(name),
    ...others,
  };
}
