/** Runs `ringcap fleet ship`, which `ringcap watch --publish` starts. */
import { wordError } from "../errors.ts";
import { ship } from "../fleet/index.ts";
import { PrivilegePlan } from "../host/index.ts";
import { giveUp } from "./user-option.ts";

/** Runs the command. @returns the exit code */
export async function runFleetShip(): Promise<number> {
  // uid 0 gets the capabilities that the watch has kept back when it starts a program.
  giveUp(new PrivilegePlan(undefined), [], {});
  // The watch ends it by the end of its input, when it has handed over the last event.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  if (!(await ship(process.stdin, process.stdout))) {
    throw wordError("ship", "there is no input", "type ringcap watch --publish, which starts it");
  }
  // A server that does not answer keeps nothing from ending.
  process.exit(0);
}
