/** What a job of the guest is. */
import type { Checks } from "./report.ts";

export interface Settings {
  /** Whether also what takes minutes is tried. */
  readonly all: boolean;
  /** Names of the jobs that are wanted; empty: all of them. */
  readonly jobs: readonly string[];
}

export interface Job {
  /** As `--job` takes it. */
  readonly name: string;
  run(checks: Checks, settings: Settings): Promise<void>;
}
