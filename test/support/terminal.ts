/** Terminals that nobody reads until a test says so. */
import { fileURLToPath } from "node:url";
import type { RunningRingcap } from "./cli.ts";

const script = fileURLToPath(new URL("terminal.py", import.meta.url));

/** Words before a command whose standard output, standard error or both become a terminal that nobody reads. */
export function stalledTerminal(...descriptors: readonly (1 | 2)[]): string[] {
  return ["python3", script, descriptors.join(",")];
}

/** The terminal is gone, as one whose window was closed. */
export function hangUpTerminal({ child }: RunningRingcap): void {
  child.stdin.write("\n");
}

/** From here on somebody reads the terminal: it comes as the standard output. */
export function readTerminal({ child }: RunningRingcap): void {
  child.stdin.end();
}
