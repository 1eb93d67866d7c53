/** Tells whether the kernel accepts the programs that capture, send and follow, with one finding for each. */
import { kernelError } from "../host/kernel-error.ts";
import { REPORT } from "../host/kernel-hints.ts";
import { type Check, NOT_KNOWN } from "./check.ts";
import { FURTHER_LOADS, type LoadAttempt, type ProgramLoad, TC_LOAD, XDP_LOAD } from "./program-loads.ts";

function checkLoad({ name, without, remedy }: ProgramLoad, { error }: LoadAttempt, status: Check["status"]): Check {
  if (error === undefined) return { name, status: "ok", finding: "the kernel takes it" };
  const failure = kernelError("load it", error);
  if (failure.code === "PRIVILEGE") return { name, status: "warning", finding: NOT_KNOWN };
  // The last line of the verifier's log tells the reason.
  const word = failure.message.split("\n").at(-1);
  const { hint = REPORT } = failure;
  return { name, status, finding: `${without}: ${word}`, remedy: hint === REPORT ? remedy : hint };
}

/** One of the hooks is enough to capture. */
export function checkHooks(xdp: LoadAttempt, tc: LoadAttempt): Check[] {
  const status = xdp.error !== undefined && tc.error !== undefined ? "missing" : "warning";
  return [checkLoad(XDP_LOAD, xdp, status), checkLoad(TC_LOAD, tc, status)];
}

/** @param hasCompiler whether there is a libpcap: without it nothing can be said of expressions */
export function checkFurtherLoads(hasCompiler: boolean, loads: readonly ProgramLoad[] = FURTHER_LOADS): Check[] {
  const known = loads.filter(({ name }) => hasCompiler || !name.startsWith("expressions"));
  return known.map((load) => checkLoad(load, load.load(), "warning"));
}
