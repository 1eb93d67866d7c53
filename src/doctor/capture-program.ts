/** Whether the kernel takes the capture program: loaded for a moment, never attached. */
import { readFileSync } from "node:fs";
import type { EntryPoint } from "../capture/programs.ts";
import { errnoOf, RingcapError, reasonOf, type SystemFailure, verifierVerdict } from "../errors.ts";
import { BpfObject } from "../libbpf/object.ts";
import { type Check, NOT_KNOWN } from "./check.ts";

export interface LoadAttempt {
  /** What was thrown, if the program was not taken. */
  readonly error?: unknown;
  /** Whether the program was compiled to machine code; undefined when it was not taken. */
  readonly jited?: boolean;
}

const ENTRY_POINTS: readonly EntryPoint[] = ["capture_xdp", "capture_tc_ingress", "capture_tc_egress"];

export function tryToLoad(wanted: EntryPoint): LoadAttempt {
  try {
    using object = BpfObject.openBuiltIn("capture");
    for (const name of ENTRY_POINTS) object.setAutoload(name, name === wanted);
    object.load();
    using program = object.program(wanted);
    // bpf_prog_show_fdinfo() of kernel/bpf/syscall.c
    const description = readFileSync(`/proc/self/fdinfo/${program.descriptor.fd}`, "utf8");
    return { jited: /^prog_jited:\s*1$/m.test(description) };
  } catch (error) {
    return { error };
  }
}

function describeAttempt(name: string, remedy: string, { error }: LoadAttempt): Check {
  if (error === undefined) return { name, status: "ok", finding: "the kernel takes it" };
  if (errnoOf(error) === "EPERM") return { name, status: "warning", finding: NOT_KNOWN };
  if (error instanceof RingcapError) {
    return { name, status: "missing", finding: reasonOf(error), remedy: error.hint ?? remedy };
  }
  const log = (error as Partial<SystemFailure>).verifierLog;
  const finding = log
    ? `the kernel's verifier refuses it: ${verifierVerdict(log).split("\n").at(-1)}`
    : reasonOf(error);
  return { name, status: "missing", finding, remedy };
}

export function checkCapturePrograms(xdp: LoadAttempt, tc: LoadAttempt): Check[] {
  const checks = [
    describeAttempt("capture program at XDP", "use --hook tc; give the process CAP_PERFMON if it lacks it", xdp),
    describeAttempt("capture program at TC", "use --hook xdp", tc),
  ];
  // One of them is enough to capture.
  if (checks.every(({ status }) => status === "missing")) return checks;
  return checks.map((check) => (check.status === "missing" ? { ...check, status: "warning" } : check));
}
