/** Runs a command as its unit would, and where it does not begin, finds the line of the unit that keeps it from that. */
import { existsSync } from "node:fs";
import { RingcapError } from "../../errors.ts";
import { readProcessPrivileges } from "../../host/process-privileges.ts";
import type { Service } from "../service.ts";
import { unitSections } from "../unit-settings.ts";
import type { Outcome, Runner } from "./attempt.ts";
import { findCause, isRestriction } from "./find-cause.ts";
import { NamespaceRunner } from "./namespace-runner.ts";
import { SystemdRunner } from "./systemd-runner.ts";

export interface ServiceCheck {
  readonly isReady: boolean;
  /** Seconds until it was ready, or had ended, with three decimals. */
  readonly seconds: number;
  /** Who ran the command. */
  readonly by: string;
  /** The line of the unit that keeps the command from its work; null where it is ready, or where no single line is. */
  readonly lacking: string | null;
  /** Settings of the unit that nobody applied. */
  readonly untried: readonly string[];
  readonly exitCode: number;
}

export interface CheckTelling {
  readonly signal: AbortSignal;
  /** Is called with each line of the command's own messages. */
  readonly onLine: (line: string) => void;
  readonly onNote: (note: string) => void;
}

/** sd_booted(3) */
const SYSTEMD_IS_RUNNING = "/run/systemd/system";

/** @throws RingcapError PRIVILEGE where the process is not root */
export async function checkService(
  service: Service,
  { signal, onLine, onNote }: CheckTelling,
  runner: Runner = existsSync(SYSTEMD_IS_RUNNING) ? new SystemdRunner() : new NamespaceRunner(),
): Promise<ServiceCheck> {
  refuseOthers();
  const names = unitSections(service).Service.map(([name]) => name);
  const applied = new Set(names.filter((name) => runner.known?.includes(name) ?? true));
  const untried = [...new Set(names.filter((name) => isRestriction(name) && !applied.has(name)))];
  if (untried.length > 0) onNote(`not tried, because systemd does not run here: ${untried.join(", ")}`);
  const outcome = await runner.attempt(service, { applied, further: [] }, onLine, signal);
  const cause = outcome.isReady || signal.aborted ? undefined : await findCause(service, runner, applied, signal);
  if (!outcome.isReady) onNote(explain(outcome, cause, signal));
  const { isReady } = outcome;
  const seconds = Number(outcome.seconds.toFixed(3));
  return { isReady, seconds, by: runner.by, lacking: cause ?? null, untried, exitCode: exitCodeOf(outcome) };
}

function refuseOthers(): void {
  const { root } = readProcessPrivileges();
  if (root) return;
  const operation = "run the command as its unit would";
  throw new RingcapError(`${operation}: only root can become another user with capabilities`, {
    code: "PRIVILEGE",
    operation,
    hint: "type sudo in front of it",
  });
}

function explain(outcome: Outcome, cause: string | undefined, signal: AbortSignal): string {
  if (signal.aborted) return "stopped before it was ready";
  const what = endOf(outcome);
  if (cause !== undefined) return `${what}: ${cause}`;
  return `${what}, and does so without any line of the unit too: what stands above is the reason`;
}

function endOf({ seconds, exitCode, endedBy }: Outcome): string {
  if (endedBy !== undefined) return `it was ended by ${endedBy}`;
  return exitCode === undefined
    ? `it was not ready within ${Math.round(seconds)} s`
    : `it ended with exit code ${exitCode}`;
}

/** Wrong usage (2) and a bad input file (3) are told as the command tells them. */
function exitCodeOf({ isReady, exitCode }: Outcome): number {
  if (isReady) return 0;
  return exitCode === 2 || exitCode === 3 ? exitCode : 1;
}
