/** Runs `ringcap watch`. */
import { CaptureSession, planCapture, startCapture } from "../capture/index.ts";
import {
  HOST_CLOCK,
  IncidentProgram,
  KeptIncidents,
  parseTrigger,
  Recorder,
  readListenPressure,
  TriggerSet,
  Watch,
  WatchDirectory,
  type WatchEvent,
  zonedTime,
} from "../flood/index.ts";
import { type Capability, PrivilegePlan } from "../host/index.ts";
import { PCAPNG_NEEDS, printableJson } from "../outputs/index.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { toFilterOptions } from "./filter-options.ts";
import { toInterfaceOptions } from "./interface-options.ts";
import { countLines, listeningLine, lossWarning, print, say, sayError, sayNote, sayWarning } from "./messages.ts";
import { nothingLeftToWrite, onStopSignal } from "./stop-signals.ts";
import { giveUp } from "./user-option.ts";
import { onUserSignals } from "./user-signals.ts";
import { watchLine } from "./watch-lines.ts";
import { toWatchSettings, type WatchFlags } from "./watch-options.ts";
import { watchReport } from "./watch-report.ts";

/** What attaching takes, so that a watch can attach again. */
const TO_REATTACH: readonly Capability[] = ["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON"];

/** Runs the command. @returns the exit code */
export async function runWatch(expression: readonly string[], flags: WatchFlags): Promise<number> {
  const settings = toWatchSettings(flags);
  const triggers = new TriggerSet(
    settings.triggers.map((rule) => parseTrigger(rule)),
    { usual: () => undefined },
  );
  const options = {
    ...toInterfaceOptions(flags),
    adjustableSampling: true,
    filter: toFilterOptions(flags, expression),
  };
  const onNote = flags.quiet ? undefined : sayNote;
  const onDetail = flags.verbose && !flags.quiet ? sayNote : undefined;
  const program = new IncidentProgram(flags.onIncident, sayWarning);
  const tell = teller(flags, program);
  const stop = new AbortController();
  const directory = new WatchDirectory(settings.directory);
  const privileges = new PrivilegePlan(flags.user, directory.owner);
  directory.giveTo(privileges.account);
  for (const path of directory.leftBehind()) tell({ event: "incident-left", directory: path });
  const kept = new KeptIncidents(
    directory.path,
    settings,
    (incident) => tell({ event: "incident-removed", incident }),
    sayWarning,
  );
  const recorder = new Recorder({
    ...settings,
    directory: directory.path,
    trusted: directory.trusted,
    clock: HOST_CLOCK,
    tell,
    onFinished: (name) => void kept.enforce(name),
  });
  onStopSignal(
    () => stop.abort(),
    () => program.abandon(),
    () => {},
    () => stop.signal.aborted,
    () => false,
    ["SIGINT", "SIGTERM"],
  );
  const start = performance.now();
  if (flags.duration !== undefined) setTimeout(() => stop.abort(), flags.duration * 1000).unref();
  let hasStarted = false;
  const watch = new Watch({
    interfaces: options.interfaces ?? [],
    open: (interfaces, pause) => {
      const needs = { ...PCAPNG_NEEDS, packetBlocks: true, pause } as const;
      const names = interfaces.length === 0 ? undefined : interfaces;
      return startCapture(planCapture({ ...options, interfaces: names, onNote, onDetail }, needs), CaptureSession);
    },
    onOpen: (session) => {
      if (!flags.quiet)
        for (const captured of session.interfaces) say(listeningLine(captured, session.description.snapshotLength));
      if (hasStarted) return;
      hasStarted = true;
      const needed = session.prepareForFewerPrivileges();
      const again = flags.reattach === false ? [] : TO_REATTACH;
      if (!privileges.keepsAll) giveUp(privileges, [...new Set([...needed, ...again])], { onNote, onDetail });
      tell({ event: "started", interfaces: session.interfaces.map(({ name }) => name), directory: directory.path });
    },
    recorder,
    triggers,
    pressure: triggers.needs.pressure ? readListenPressure : undefined,
    command: ["ringcap", ...process.argv.slice(2)],
    clock: HOST_CLOCK,
    tell,
    stop: stop.signal,
    cannotReopen: () => (flags.reattach === false ? "leave out --no-reattach, and it is waited for" : undefined),
  });
  const report = () => watchReport(watch, recorder, (performance.now() - start) / 1000);
  onUserSignals({ statistics: () => say(countLines(report().packets)) });
  let failure: unknown;
  try {
    await watch.run();
  } catch (error) {
    failure = error;
  }
  await kept.enforce(undefined);
  await program.close();
  nothingLeftToWrite();
  if (failure !== undefined) sayError(failure);
  const final = report();
  const loss = lossWarning(final.packets);
  if (loss !== undefined) sayWarning(loss);
  if (flags.json) print(`${printableJson({ event: "ended", ...final })}\n`);
  else if (!flags.quiet) say(countLines(final.packets));
  if (failure !== undefined) return exitCodeOf(failure);
  return loss !== undefined || final.incidents.failed > 0 ? 1 : 0;
}

/** Says events on standard error, and with --json prints them on standard output. */
function teller({ json, quiet }: WatchFlags, program: IncidentProgram): (event: WatchEvent) => void {
  return (event) => {
    runProgram(program, event);
    if (json) print(`${printableJson({ time: zonedTime(HOST_CLOCK.time()), ...event })}\n`);
    const { text, isWarning } = watchLine(event);
    if (isWarning) sayWarning(text);
    else if (!quiet) sayNote(text);
  };
}

/** Runs the program of --on-incident. What an incident counted by second is in its directory. */
function runProgram(program: IncidentProgram, event: WatchEvent): void {
  if (!("report" in event) || event.report === undefined) return;
  const { bySecond: _, ...report } = event.report;
  program.run(event.event === "incident-began" ? "begin" : "end", { directory: event.directory, ...report });
}
