/** Runs `ringcap capture`. */

import { CaptureSession, planCapture, startCapture } from "../capture/index.ts";
import { reasonOf, usageError } from "../errors.ts";
import { PrivilegePlan } from "../host/index.ts";
import {
  CaptureOutput,
  ChecksumRepair,
  CountingSink,
  openByteOutput,
  printableJson,
  RotatingOutput,
} from "../outputs/index.ts";
import { type PacketReport, type PacketSink, packetsOf, type Recording, record } from "../pipeline/index.ts";
import { type CaptureFlags, toCaptureOptions } from "./capture-options.ts";
import { nameOutput, type OutputPlan, planOutput, replacementNote } from "./capture-output.ts";
import { CaptureTop, endsWithTop, TOP_KEYS } from "./capture-top.ts";
import { isClosedStdout } from "./closed-stdout.ts";
import { CommandProcess } from "./command-process.ts";
import { refuseItsStreams } from "./command-words.ts";
import { fileFormat } from "./file-format.ts";
import { toLineOptions } from "./line-options.ts";
import {
  countLines,
  fileLine,
  listeningLine,
  lossWarning,
  print,
  say,
  sayError,
  sayNote,
  sayWarning,
} from "./messages.ts";
import { flagOf } from "./option-words.ts";
import { formatCapturing, showProgress } from "./progress.ts";
import { toRotation } from "./rotation-flags.ts";
import { listFiles, refuseOverwriting } from "./same-file.ts";
import { ServiceLife } from "./service-life.ts";
import { STDOUT, stderr, stdout } from "./standard-streams.ts";
import { LAST_WORDS, nothingLeftToWrite, onStopSignal } from "./stop-signals.ts";
import type { TextStream } from "./text-stream.ts";
import { giveUp } from "./user-option.ts";
import { onUserSignals } from "./user-signals.ts";

/**
 * Runs the command.
 *
 * @param words the command that runs while packets are captured, with its arguments; undefined where there is none
 * @returns the exit code
 */
export async function runCapture(
  expression: readonly string[],
  given: CaptureFlags,
  words?: readonly string[],
): Promise<number> {
  const flags = nameOutput(given);
  if (flags.listInterfaces) return listInterfaces([...expression, ...(words ?? [])], flags);
  if (words !== undefined) refuseItsStreams(flags.write);
  else if (flags.onlyCommand) throw usageError("--only-command", "there is no command", "put it behind --");
  // Standard output belongs to the command that runs meanwhile, so that reports go to standard error.
  const reports = words === undefined ? stdout : stderr;
  const options = toCaptureOptions(flags, expression, reports);
  const plan = planOutput(flags);
  toRotation(flags);
  refuseOverwriting(plan.path, listFiles(flags));
  const stop = new AbortController();
  const onNote = flags.quiet ? undefined : sayNote;
  const onDetail = flags.verbose && !flags.quiet ? sayNote : undefined;
  const life = new ServiceLife(onDetail);
  const checksums = ChecksumRepair.for(plan.checksum);
  const command = words === undefined ? undefined : new CommandProcess(words, () => stop.abort());
  const sink = await openSink(plan, flags, checksums, reports);
  let session: CaptureSession | undefined;
  let code: number;
  let hideProgress = () => {};
  try {
    // This comes before the signals are listened to. An expression may take minutes to compile, and a named pipe
    // without a reader blocks. No JavaScript runs meanwhile, so that a signal has to end the process.
    const counts = endsWithTop(plan, flags) ? { keys: TOP_KEYS, ifPossible: true } : undefined;
    const capturePlan = planCapture({ ...options, counts, signal: stop.signal, onNote, onDetail }, sink.needs);
    sink.prepare?.();
    const privileges = new PrivilegePlan(flags.user, sink.directory);
    sink.giveTo?.(privileges.account);
    const signals = onStopSignal(
      () => stop.abort(),
      () => sink.abandon?.(),
      () => session?.watchdog.acknowledge(),
      () => session?.isStopping ?? false,
      (signal) => command?.passOn(signal) ?? false,
      sink instanceof RotatingOutput ? ["SIGINT", "SIGTERM"] : undefined,
    );
    session = await startCapture({ ...capturePlan, givesUpPrivileges: !privileges.keepsAll }, CaptureSession);
    session.watchdog.watchSignals(signals, `${LAST_WORDS}\n`);
    const capturing = session;
    const top = session.counts === undefined ? undefined : new CaptureTop(session.counts);
    const recording = await record(session, sink, () => {
      if (!privileges.keepsAll) giveUp(privileges, capturing.prepareForFewerPrivileges(), { onNote, onDetail });
      tellOfStart(capturing, sink, plan, flags);
      life.begun();
      hideProgress = watchCapture(capturing, sink, command === undefined ? plan.path : undefined, flags);
      if (command !== undefined) capturing.launch(() => command.start());
    });
    nothingLeftToWrite();
    life.ended();
    hideProgress();
    const incomplete = checksums?.note();
    if (incomplete !== undefined) onNote?.(incomplete);
    if (checksums !== undefined) recording.report.checksums = checksums.counts;
    code = report(recording, flags, reports);
    for (const line of top?.end() ?? []) say(line);
  } catch (error) {
    // The failure that is told is the one that came first.
    await session?.stop().catch(() => {});
    sink.discard?.();
    if (command?.isRunning) await command.ended;
    if (isClosedStdout(error, flags)) return 0;
    throw error;
  }
  await session.removed();
  return (await command?.ended) || code;
}

/**
 * Shows how far the capture is, at SIGUSR1 and on a terminal.
 *
 * @param path the name of the file; undefined where the terminal belongs to another program
 * @returns a function that ends the display on the terminal
 */
function watchCapture(
  session: CaptureSession,
  sink: PacketSink,
  path: string | undefined,
  flags: CaptureFlags,
): () => void {
  const counts = (format: (packets: PacketReport) => string) => {
    try {
      return format(packetsOf(session, sink));
    } catch (error) {
      return reasonOf(error);
    }
  };
  const flush = () => {
    sink.flush?.();
    session.flush();
  };
  onUserSignals({
    statistics: () => say(counts((packets) => countLines(packets, sum(session.interfaceDrops().values())))),
    flush,
    ...(sink instanceof RotatingOutput ? { hangUp: () => sink.rotate() } : {}),
  });
  if (path === undefined || flags.quiet) return () => {};
  return showProgress(() => counts((packets) => formatCapturing(packets, sink.bytesWritten, sink.rotation?.written)));
}

async function listInterfaces(expression: readonly string[], flags: CaptureFlags): Promise<number> {
  const { listInterfaces: _, json, ...others } = flags;
  const [option] = Object.keys(others);
  const other = option === undefined ? expression[0] : flagOf(option);
  if (other !== undefined) throw usageError("-D", `lists interfaces, and goes with no other option ("${other}")`);
  const { describeInterfaces } = await import("../doctor/index.ts");
  const { formatInterfaceList } = await import("./interface-list.ts");
  print(json ? `${printableJson(describeInterfaces())}\n` : formatInterfaceList());
  return 0;
}

async function openSink(
  plan: OutputPlan,
  flags: CaptureFlags,
  checksums: ChecksumRepair | undefined,
  reports: TextStream,
): Promise<PacketSink> {
  if (plan.path !== undefined) {
    const format = fileFormat(plan, plan.precision, checksums);
    const rotation = toRotation(flags);
    if (rotation === undefined) return new CaptureOutput(plan.path, format, plan.compression);
    const onNote = flags.quiet ? undefined : sayNote;
    return new RotatingOutput(plan.path, format, {
      ...rotation,
      compression: plan.compression,
      onNote,
      onWarning: sayWarning,
    });
  }
  if (flags.json) return new CountingSink();
  const { LineSink } = await import("../outputs/lines/index.ts");
  const output = reports === stderr ? stderr.asByteOutput() : openByteOutput(STDOUT, "standard output");
  return new LineSink(output, toLineOptions(flags, plan.precision));
}

/** Says on standard error that packets are being captured. */
function tellOfStart(session: CaptureSession, sink: PacketSink, plan: OutputPlan, flags: CaptureFlags): void {
  if (flags.quiet) return;
  const replaced = sink instanceof CaptureOutput ? replacementNote(plan.path, sink.replacedBytes) : undefined;
  if (replaced !== undefined) sayNote(replaced);
  for (const captured of session.interfaces) say(listeningLine(captured, session.description.snapshotLength));
}

function report({ report, failures, unreadable }: Recording, flags: CaptureFlags, reports: TextStream): number {
  const closed = failures.some((failure) => isClosedStdout(failure, flags));
  const faults = failures.filter((failure) => !isClosedStdout(failure, flags));
  for (const fault of faults) sayError(fault);
  const loss = closed ? undefined : lossWarning(report.packets, unreadable);
  if (loss !== undefined) sayWarning(loss);
  if (flags.json) {
    const text = printableJson(report);
    if (flags.write === "-" || reports === stderr) say(text);
    else print(`${text}\n`);
  } else if (!flags.quiet) {
    say(countLines(report.packets, sum(report.interfaces.map(({ dropped = 0 }) => dropped))));
    if (report.rotation !== undefined) say(fileLine(report.rotation));
  }
  return faults.length > 0 || loss !== undefined || (report.rotation?.onFileFailed ?? 0) > 0 ? 1 : 0;
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}
