/** The settings with which a suite is run, and its outcome. */
import type { RingcapError } from "../errors.ts";
import type { Mismatch } from "./golden.ts";
import type { EngineChoice, ReplayHookChoice } from "./options.ts";

export interface VerifyOptions {
  /** Overrides what the cases say. */
  engine?: EngineChoice | undefined;
  hook?: ReplayHookChoice | undefined;
  /** Whether what comes out replaces what is expected. */
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
  /** The expectations that do not hold; with update, what was changed. */
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
