/** One run of a command with some settings of its unit, until it is ready or has ended. */
import type { Service } from "../service.ts";

export interface AttemptSettings {
  /** The settings of the unit that are applied, by their names. */
  readonly applied: ReadonlySet<string>;
  /** Capabilities beyond those of the unit. */
  readonly further: readonly string[];
}

export interface Outcome {
  readonly isReady: boolean;
  /** Seconds until it was ready, or had ended. */
  readonly seconds: number;
  /** Undefined where it was ready, did not end in time, or was ended by a signal. */
  readonly exitCode: number | undefined;
  /** The name of the signal that ended it before it was ready; undefined where none did, or where that was the check's. */
  readonly endedBy: string | undefined;
}

/** Runs a command as a unit would, or with fewer settings of the unit. */
export interface Runner {
  /** Who runs it, in a sentence. */
  readonly by: string;
  /** The settings that this runner applies, of those that a unit has; undefined: all. */
  readonly known: readonly string[] | undefined;
  /** @param onLine is called with each line of the command's messages; undefined: they are dropped */
  attempt(
    service: Service,
    settings: AttemptSettings,
    onLine: ((line: string) => void) | undefined,
    signal: AbortSignal,
  ): Promise<Outcome>;
}
