/** Words the failure of a system call, with the hint that fits the host. */
import { errnoOf, RingcapError, reasonOf, type SystemFailure } from "../errors.ts";
import type { KernelFacts } from "./kernel-facts.ts";
import { kernelHint, lacksMap } from "./kernel-hints.ts";
import type { Capability } from "./process-privileges.ts";

/** Capabilities with which BPF programs are loaded and attached. */
export const BPF_CAPABILITIES = "CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON";

const VERIFIER_LINES = 6;

/** The last lines of a verifier log without its statistics. They say why the verifier refused. */
export function verifierVerdict(log: string): string {
  const lines = log
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^(processed \d+ insns|verification time|stack depth)/.test(line));
  return lines.slice(-VERIFIER_LINES).join("\n");
}

/** Whether the verifier refused. The log also has words where a map could not be created, or where memory ran out. */
function isVerdict(errno: string, verifierLog: string): boolean {
  return verifierLog !== "" && !["EMFILE", "ENFILE", "ENOMEM"].includes(errno) && !lacksMap(verifierLog);
}

/**
 * A system call that failed on the way: `operation` says what was tried ("attach to v0 (xdp-native)").
 *
 * @param facts what the host tells of itself, for the hint
 * @param needed the capabilities that it takes; default: those of a capture
 */
export function kernelError(
  operation: string,
  error: unknown,
  facts?: KernelFacts,
  needed?: readonly Capability[],
): RingcapError {
  if (error instanceof RingcapError) return error;
  const errno = errnoOf(error);
  if (errno === undefined) {
    return new RingcapError(`${operation}: ${reasonOf(error)}`, { code: "INTERNAL", operation, cause: error });
  }
  const { verifierLog = "", operation: tried } = error as SystemFailure;
  const hint = kernelHint({ errno, operation: tried, needed, verifierLog }, facts);
  if (isVerdict(errno, verifierLog)) {
    const message = `${operation}: the kernel refused the program (${errno}):\n${verifierVerdict(verifierLog)}`;
    return new RingcapError(message, { code: "KERNEL", operation, hint, cause: error });
  }
  const code = errno === "EPERM" || errno === "EACCES" ? "PRIVILEGE" : "KERNEL";
  return new RingcapError(`${operation}: ${reasonOf(error)}`, { code, operation, hint, cause: error });
}
