/** `ringcap verify`. */
import { oneOf } from "../capture/index.ts";
import { RingcapError, usageError } from "../errors.ts";
import { type EngineChoice, type ReplayHookChoice, type SuiteOutcome, verifySuite } from "../replay/index.ts";
import { exitCodeOf, MISMATCH } from "./exit-codes.ts";
import { print, sayError, sayNote } from "./messages.ts";
import { type ReporterName, reporters } from "./verify-reporters.ts";

export interface VerifyFlags {
  reporter?: ReporterName;
  engine?: EngineChoice;
  hook?: ReplayHookChoice;
  update?: true;
}

/** @returns the exit code */
export async function runVerify(paths: readonly string[], flags: VerifyFlags): Promise<number> {
  const names = Object.keys(reporters) as ReporterName[];
  const reporter = reporters[oneOf("--reporter", flags.reporter, names, "spec")];
  const engine = flags.engine === undefined ? undefined : oneOf("--engine", flags.engine, ENGINES, "auto");
  const hook = flags.hook === undefined ? undefined : oneOf("--hook", flags.hook, HOOKS, "auto");
  if (engine === "user" && hook !== undefined && hook !== "auto") {
    throw usageError("--hook", "the user engine runs no program of the kernel");
  }
  const notes = new Set<string>();
  const outcomes: SuiteOutcome[] = [];
  let broken: RingcapError | undefined;
  for (const path of paths) {
    try {
      const onNote = (note: string) => void notes.add(note);
      outcomes.push(await verifySuite(path, { engine, hook, update: flags.update, onNote }));
    } catch (error) {
      if (!(error instanceof RingcapError)) throw error;
      sayError(error);
      broken ??= error;
    }
  }
  // One for all cases: why the kernel did not decide.
  for (const note of notes) sayNote(note);
  print(reporter(outcomes, { update: flags.update ?? false }));
  return exitCode(outcomes, broken, flags.update ?? false);
}

const ENGINES = ["auto", "kernel", "user"] as const;
const HOOKS = ["auto", "xdp", "tc"] as const;

/** A case that could not run outweighs one that did not come out as expected. */
function exitCode(outcomes: readonly SuiteOutcome[], broken: RingcapError | undefined, update: boolean): number {
  const cases = outcomes.flatMap((outcome) => outcome.cases);
  const error = broken ?? cases.find((outcome) => outcome.error !== undefined)?.error;
  if (error !== undefined) return exitCodeOf(error);
  return !update && cases.some(({ differences }) => differences.length > 0) ? MISMATCH : 0;
}
