/** Runs `ringcap verify`. */

import { usageError } from "../errors.ts";
import { numberIn, oneOf } from "../options/index.ts";
import { DEFAULT_TIMEOUT, type SuiteOutcome, verifySuite } from "../replay/index.ts";
import { exitCodeOf, MISMATCH } from "./exit-codes.ts";
import { print, sayError, sayNote } from "./messages.ts";
import type { VerifyFlags } from "./verify-options.ts";
import { type ReporterName, reporters } from "./verify-reporters.ts";

/** Runs the command. @returns the exit code */
export async function runVerify(paths: readonly string[], flags: VerifyFlags): Promise<number> {
  const names = Object.keys(reporters) as ReporterName[];
  const reporter = reporters[oneOf("--reporter", flags.reporter, names, "spec")];
  const engine = flags.engine === undefined ? undefined : oneOf("--engine", flags.engine, ENGINES, "auto");
  const hook = flags.hook === undefined ? undefined : oneOf("--hook", flags.hook, HOOKS, "auto");
  if (engine === "user" && hook !== undefined && hook !== "auto") {
    throw usageError("--hook", "the user engine runs no program of the kernel");
  }
  const timeout = numberIn("--timeout", flags.timeout, DEFAULT_TIMEOUT, 1, TIMEOUT_MAX);
  const { update, allowOutside } = flags;
  const notes = new Set<string>();
  const outcomes: SuiteOutcome[] = [];
  for (const path of paths) {
    const onNote = (note: string) => void notes.add(note);
    const outcome = await verifySuite(path, { engine, hook, update, allowOutside, timeout, onNote });
    if (outcome.error !== undefined) sayError(outcome.error);
    outcomes.push(outcome);
  }
  // The notes say why the kernel did not decide. Each is printed once for all cases.
  for (const note of notes) sayNote(note);
  print(reporter(outcomes, { update: flags.update ?? false }));
  return exitCode(outcomes, flags.update ?? false);
}

const ENGINES = ["auto", "kernel", "user"] as const;
const HOOKS = ["auto", "xdp", "tc"] as const;

/** The longest time of a timer of Node.js in seconds. */
const TIMEOUT_MAX = 2_147_483;

/**
 * Returns the exit code. A suite or a case that could not run counts for more than a case that did not come out as
 * expected.
 */
function exitCode(outcomes: readonly SuiteOutcome[], update: boolean): number {
  const cases = outcomes.flatMap((outcome) => outcome.cases);
  const { error } = [...outcomes, ...cases].find((outcome) => outcome.error !== undefined) ?? {};
  if (error !== undefined) return exitCodeOf(error);
  return !update && cases.some(({ differences }) => differences.length > 0) ? MISMATCH : 0;
}
