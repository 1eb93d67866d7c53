/**
 * Features that the programs do without where the kernel lacks them. They are found by trying and not by the number of
 * a version, because vendors carry newer parts over to older kernels (docs/kernels.md).
 */
import { release } from "node:os";
import { errnoOf } from "../errors.ts";
import { AttachType, BpfProgram, ProgramType } from "../native/program.ts";
import { Helper, supportsHelper } from "../native/system.ts";
import { isAtLeast, parseKernelVersion } from "./kernel-version.ts";
import type { Capability } from "./process-privileges.ts";

export type KernelFeature = "xdp-frags" | "tcx" | "live-frames";

/** For tests only: names of features, separated by commas, that this process does without. */
const WITHOUT = "RINGCAP_TEST_WITHOUT";

/** Whether the tests leave the feature in. It says nothing of whether the kernel has it. */
export function isAllowed(feature: KernelFeature): boolean {
  return !(process.env[WITHOUT] ?? "").split(",").includes(feature);
}

let fragments: boolean | undefined;

/** Whether XDP programs can take packets of several buffers, and read them by helpers: Linux 5.18. */
export function hasXdpFragments(): boolean {
  fragments ??= isAllowed("xdp-frags") && mayHave(() => supportsHelper(ProgramType.XDP, Helper.XDP_LOAD_BYTES));
  return fragments;
}

/** `r0 = 0; exit`, struct bpf_insn of include/uapi/linux/bpf.h. */
const NOTHING = Uint8Array.of(0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);
const NO_INTERFACE = 0x7fff_ffff;

/**
 * Whether TC has a chain of programs that are attached by links, which came with Linux 6.6. Older kernels do not know
 * its attach types.
 */
export function hasTcx(): boolean {
  return isAllowed("tcx") && mayHave(isTcxKnown);
}

function isTcxKnown(): boolean {
  using program = BpfProgram.load(ProgramType.TC, NOTHING, "ringcap_probe");
  try {
    program.attach(NO_INTERFACE, AttachType.TCX_INGRESS).close();
    return true;
  } catch (error) {
    return errnoOf(error) !== "EINVAL";
  }
}

/**
 * The capability that bpf(2) requires also for open descriptors: CAP_BPF before Linux 5.19, where the sysctl
 * kernel.unprivileged_bpf_disabled is set (kernel/bpf/syscall.c). A process that has the capability cannot try this
 * out.
 */
export function neededForOpenDescriptors(kernelRelease = release()): Capability[] {
  const version = parseKernelVersion(kernelRelease);
  return version !== undefined && !isAtLeast(version, 5, 19) ? ["CAP_BPF"] : [];
}

/** A process that may not ask learns what it lacks when it loads the programs. */
function mayHave(probe: () => boolean): boolean {
  try {
    return probe();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return true;
  }
}
