/** Runs a suite: each capture through its filter, and the outcome beside what the suite expects. */
import type { RingcapError } from "../errors.ts";
import type { Mismatch } from "./golden.ts";
import type { EngineChoice, ReplayHookChoice } from "./options.ts";
import { readSuite } from "./suite.ts";
import { SuiteUpdate } from "./suite-update.ts";
import { asRingcapError, runCase } from "./verify-case.ts";

export interface VerifyOptions {
  /** Instead of what the cases say. */
  engine?: EngineChoice | undefined;
  hook?: ReplayHookChoice | undefined;
  /** Rewrites what is expected by what comes out. */
  update?: boolean | undefined;
  /** Whether the suite may name files outside of its directory. */
  allowOutside?: boolean | undefined;
  /** Seconds that the suite may take. Default 600. */
  timeout?: number | undefined;
  onNote?: ((note: string) => void) | undefined;
}

export interface CaseOutcome {
  name: string;
  capture: string;
  /** Undefined when the case could not run. */
  engine: "kernel" | "user" | undefined;
  hook: "xdp" | "tc" | null | undefined;
  seconds: number;
  /** Packets that matched, and the SHA-256 of the file that they make. */
  packets: number;
  sha256: string;
  /** What was expected and is not so; with update, what was changed. */
  differences: string[];
  mismatch: Mismatch | null;
  /** Why the case could not run. */
  error: RingcapError | undefined;
}

export interface SuiteOutcome {
  path: string;
  cases: CaseOutcome[];
  /** Why there are no cases, or why the suite file could not be rewritten. */
  error: RingcapError | undefined;
}

export const DEFAULT_TIMEOUT = 600;

/** What happens is in the outcome: this throws for nothing that a suite or its files can do. */
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
