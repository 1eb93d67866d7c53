/** Runs `ringcap fleet store`, which `ringcap watch --upload` starts. */
import { wordError } from "../errors.ts";
import { storeEvidence } from "../fleet/index.ts";
import { PrivilegePlan } from "../host/index.ts";
import { giveUp } from "./user-option.ts";

/** Runs the command. @returns the exit code */
export async function runFleetStore(): Promise<number> {
  // uid 0 gets the capabilities that the watch has kept back when it starts a program.
  giveUp(new PrivilegePlan(undefined), [], {});
  // The watch ends it by the end of its input, or kills it.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  if (!(await storeEvidence(process.stdin, process.stdout))) {
    throw wordError(
      "store",
      "there is no input",
      "type ringcap watch --upload, which starts it, or ringcap fleet upload",
    );
  }
  process.exit(0);
}
