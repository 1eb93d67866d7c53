/** Runs `ringcap replay`. */

import { type RingcapError, usageError } from "../errors.ts";
import { PrivilegePlan } from "../host/index.ts";
import {
  CaptureOutput,
  ChecksumRepair,
  CountingSink,
  openByteOutput,
  PCAPNG_NEEDS,
  printable,
  printableJson,
} from "../outputs/index.ts";
import { ANY_LAYOUT, type PacketSink, run, type SinkRun } from "../pipeline/index.ts";
import {
  ComparingSink,
  formatMismatch,
  GoldenComparison,
  inputSource,
  type ReplayReport,
  type ReplaySession,
  replayFor,
  reportReplay,
} from "../replay/index.ts";
import { anonymizationOf } from "./anonymized-replay.ts";
import { nameOutput, type OutputPlan, planOutput, replacementNote } from "./capture-output.ts";
import { isClosedStdout } from "./closed-stdout.ts";
import { counted } from "./counted.ts";
import { exitCodeOf, MISMATCH } from "./exit-codes.ts";
import { fileFormat } from "./file-format.ts";
import { toLineOptions } from "./line-options.ts";
import { leftOutLines, print, say, sayError, sayFailure, sayNote } from "./messages.ts";
import { formatProgress, showProgress } from "./progress.ts";
import { type ReplayFlags, toReplayOptions } from "./replay-options.ts";
import { listFiles, refuseOverwriting } from "./same-file.ts";
import { STDOUT } from "./standard-streams.ts";
import { onStopSignal } from "./stop-signals.ts";
import { giveUp } from "./user-option.ts";
import { onUserSignals } from "./user-signals.ts";

/** Runs the command. @returns the exit code */
export async function runReplay(file: string, expression: readonly string[], given: ReplayFlags): Promise<number> {
  const flags = nameOutput(given);
  const options = toReplayOptions(flags, expression);
  const plan = planOutput(flags);
  if (file === "-" && flags.expect === "-") throw usageError("--expect", "standard input is replayed already");
  refuseOverwriting(plan.path, filesRead(file, flags));
  const anonymization = anonymizationOf(flags);

  const onNote = flags.quiet ? undefined : sayNote;
  const needs = plan.format === "pcapng" ? PCAPNG_NEEDS : ANY_LAYOUT;
  await using session = await replayFor(needs, file, { ...options, onNote });
  await using comparison =
    flags.expect === undefined
      ? undefined
      : await GoldenComparison.open(inputSource(flags.expect), session.link.linkType);
  const checksums = ChecksumRepair.for(plan.checksum);
  const source = anonymization?.of(session, checksums) ?? session;
  // Checksums are completed before the addresses in them are replaced.
  const output = await openSink(session, plan, flags, anonymization === undefined ? checksums : undefined);
  const sink = comparison === undefined ? output : new ComparingSink(comparison, output);
  let stopped = false;
  onStopSignal(
    () => {
      stopped = true;
      session.requestStop();
    },
    () => sink.abandon?.(),
  );
  onUserSignals({ statistics: () => say(formatProgress(session.progress())) });
  let hideProgress = () => {};
  let ran: SinkRun;
  try {
    output.prepare?.();
    const privileges = new PrivilegePlan(flags.user, output.directory);
    output.giveTo?.(privileges.account);
    ran = await run(source, sink, () => {
      giveUp(privileges, session.prepareForFewerPrivileges(), { onNote });
      if (flags.quiet) return;
      const replaced = output instanceof CaptureOutput ? replacementNote(plan.path, output.replacedBytes) : undefined;
      if (replaced !== undefined) sayNote(replaced);
      say(printable(startLine(session)));
      if (!writesLines(plan, flags)) hideProgress = showProgress(() => formatProgress(session.progress()));
    });
  } catch (error) {
    sink.discard?.();
    if (isClosedStdout(error, flags)) return 0;
    throw error;
  }
  const { seconds, failures } = ran;
  hideProgress();
  if (failures.length === 0 && !stopped) await comparison?.finish();

  const files = plan.path === undefined ? [] : [plan.path];
  const incomplete = checksums?.note();
  if (incomplete !== undefined && !flags.quiet) sayNote(incomplete);
  anonymization?.sayWhatWasCut();
  const mismatch = comparison?.mismatch ?? null;
  return finish(reportReplay(session, sink, seconds, files, mismatch, checksums?.counts), failures, flags, stopped);
}

function finish(report: ReplayReport, failures: RingcapError[], flags: ReplayFlags, stopped: boolean): number {
  const faults = failures.filter((failure) => !isClosedStdout(failure, flags));
  for (const fault of faults) sayError(fault);
  if (!flags.quiet && report.decidedOnHost > 0) {
    sayNote(
      `${counted(report.decidedOnHost, "packet")} too short or too long for a test run: the same filter decided on the host`,
    );
  }
  if (flags.json) {
    const text = printableJson(report);
    if (flags.write === "-") say(text);
    else print(`${text}\n`);
  } else if (!flags.quiet) {
    say(countLines(report));
  }
  if (faults[0] !== undefined) return exitCodeOf(faults[0]);
  if (report.mismatch !== null) {
    sayFailure(`the packets differ from ${flags.expect}: ${formatMismatch(report.mismatch)}`);
    return MISMATCH;
  }
  if (flags.expect === undefined) return 0;
  if (stopped || failures.length > 0) {
    sayFailure(`stopped before all packets were compared with ${flags.expect}`);
    return 1;
  }
  if (!flags.quiet) sayNote(`the packets are those of ${flags.expect}`);
  return 0;
}

/** Whether the replay prints a line for each packet. */
function writesLines(plan: OutputPlan, flags: ReplayFlags): boolean {
  return plan.path === undefined && !flags.json && flags.expect === undefined;
}

async function openSink(
  session: ReplaySession,
  plan: OutputPlan,
  flags: ReplayFlags,
  checksums: ChecksumRepair | undefined,
): Promise<PacketSink> {
  const precision = flags.timeStampPrecision ?? (plan.format === "pcapng" ? plan.precision : session.precision);
  if (plan.path !== undefined)
    return new CaptureOutput(plan.path, fileFormat(plan, precision, checksums), plan.compression);
  if (!writesLines(plan, flags)) return new CountingSink();
  const { LineSink } = await import("../outputs/lines/index.ts");
  return new LineSink(openByteOutput(STDOUT, "standard output"), toLineOptions(flags, precision));
}

/** Returns the files that a replay reads: the input, the file that it is compared with, and the files of lists. */
function filesRead(file: string, flags: ReplayFlags): string[] {
  const { expect, anonymizeKey } = flags;
  return [file, ...[expect, anonymizeKey].filter((name) => name !== undefined), ...listFiles(flags)];
}

function startLine({ file, link, engine, hook }: ReplaySession): string {
  const program = hook === null ? "" : ` (${hook})`;
  return `replaying ${file}, link-type ${link.name} (${link.description}), engine ${engine}${program}`;
}

function countLines({ packets, files }: ReplayReport): string {
  const lines = [`${counted(packets.seen, "packet")} read`, `${counted(packets.matched, "packet")} matched`];
  lines.push(...leftOutLines(packets));
  return [...lines, ...(files.length > 0 ? [`${counted(packets.written, "packet")} written`] : [])].join("\n");
}
