/** Runs a suite: puts each capture through its filter, and compares the outcome with what the suite expects. */
import type { CaseOutcome, SuiteOutcome, VerifyOptions } from "./outcome.ts";
import { readSuite } from "./suite.ts";
import { SuiteUpdate } from "./suite-update.ts";
import { asRingcapError, runCase } from "./verify-case.ts";

export const DEFAULT_TIMEOUT = 600;

/** The outcome says what happened. Nothing that a suite or its files can do makes this throw. */
export async function verifySuite(path: string, options: VerifyOptions = {}): Promise<SuiteOutcome> {
  const cases: CaseOutcome[] = [];
  try {
    await runSuite(path, options, cases);
    return { path, cases, error: undefined };
  } catch (thrown) {
    return { path, cases, error: asRingcapError(path, thrown) };
  }
}

async function runSuite(path: string, options: VerifyOptions, cases: CaseOutcome[]): Promise<void> {
  const suite = readSuite(path, options.allowOutside ?? false);
  const seconds = options.timeout ?? DEFAULT_TIMEOUT;
  const limits = { signal: AbortSignal.timeout(seconds * 1000), seconds };
  const update = options.update ? new SuiteUpdate(suite) : undefined;
  for (const entry of suite.cases) cases.push(await runCase(suite, entry, { ...options, ...limits }, update));
  update?.rewrite(cases);
}
