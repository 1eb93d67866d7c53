/** Runs `ringcap watch`. */
import { join } from "node:path";
import { CaptureSession, planCapture, startCapture } from "../capture/index.ts";
import { reasonOf } from "../errors.ts";
import {
  HOST_CLOCK,
  type IncidentProgram,
  KeptIncidents,
  MetricsServer,
  needsOf,
  PageProgram,
  parseListenAddress,
  Recorder,
  readListenPressure,
  Watch,
  WatchDirectory,
  type WatchEvent,
  WatchRules,
  watchMetricsText,
} from "../flood/index.ts";
import { type Capability, PrivilegePlan, ServiceNotifier } from "../host/index.ts";
import { PCAPNG_NEEDS } from "../outputs/index.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { openLiveTables, tellOfLostRows } from "./live-tables.ts";
import {
  countLines,
  givePriorities,
  listeningLine,
  lossWarning,
  say,
  sayError,
  sayNote,
  sayWarning,
} from "./messages.ts";
import { nothingLeftToWrite, onStopSignal } from "./stop-signals.ts";
import { giveUp } from "./user-option.ts";
import { onUserSignals } from "./user-signals.ts";
import { printEvent, watchTeller } from "./watch-lines.ts";
import type { WatchFlags } from "./watch-options.ts";
import { planWatch } from "./watch-plan.ts";
import type { WatchPublishing } from "./watch-publish.ts";
import { reloader } from "./watch-reload.ts";
import { watchReport } from "./watch-report.ts";
import { statusLine, watchState } from "./watch-state.ts";

/** What attaching takes, so that a watch can attach again. */
const TO_REATTACH: readonly Capability[] = ["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON"];
const USUAL_RATES = "usual-rates.json";
/** Seconds without a look after which a watch is not healthy, and between two lines of status. */
const HEALTHY_SECONDS = 10;
const STATUS_SECONDS = 5;

/** Runs the command. @returns the exit code */
export async function runWatch(expression: readonly string[], flags: WatchFlags): Promise<number> {
  givePriorities();
  const onNote = flags.quiet ? undefined : sayNote;
  const onDetail = flags.verbose && !flags.quiet ? sayNote : undefined;
  const { config, values, options, program, checkRules, blaming } = planWatch(expression, flags);
  const publish = flags.publish === undefined ? undefined : await import("./watch-publish.ts");
  const publishPlan = publish?.planPublishing(flags);
  const notifier = new ServiceNotifier(onDetail ?? (() => {}));
  const stop = new AbortController();
  const directory = new WatchDirectory(values.directory);
  // Whatever keeps the watch from beginning leaves no directory behind.
  process.once("exit", () => directory.abandon());
  const privileges = new PrivilegePlan(flags.user, directory.owner);
  blaming(() => program.checkFor(privileges.account));
  directory.giveTo(privileges.writer);
  const live = await openLiveTables(flags, values.keepSize);
  live?.directory.giveTo(privileges.writer);
  const tables = live === undefined ? undefined : new live.fleet.WatchTables(live.tables, HOST_CLOCK.time);
  let publishing: WatchPublishing | undefined;
  const tell = watchTeller(flags, (event) => {
    runProgram(program, event);
    publishing?.take(event);
    const report = event.event === "incident-ended" || event.event === "incident-failed" ? event.report : undefined;
    if (report !== undefined) tables?.takeIncident(report);
  });
  for (const path of directory.leftBehind()) tell({ event: "incident-left", directory: path });
  const onRemoved = (incident: string) => tell({ event: "incident-removed", incident });
  const kept = new KeptIncidents(directory.path, values, onRemoved, sayWarning);
  const pages = flags.report === false ? undefined : pageProgram();
  const recorder = new Recorder({
    ...values,
    makePage: pages?.make,
    pressure: readListenPressure,
    directory: directory.path,
    trusted: directory.trusted,
    clock: HOST_CLOCK,
    tell,
    onFinished: (name) => void kept.enforce(name),
  });
  let rules: WatchRules | undefined;
  let [lookedAt, toldAt] = [HOST_CLOCK.elapsed(), 0];
  const watch = new Watch({
    interfaces: options.interfaces ?? [],
    open: (interfaces, pause) => {
      const needs = { ...PCAPNG_NEEDS, packetBlocks: true, leavesChecksums: true, pause } as const;
      const names = interfaces.length === 0 ? undefined : interfaces;
      return startCapture(planCapture({ ...options, interfaces: names, onNote, onDetail }, needs), CaptureSession);
    },
    onOpen: (session: CaptureSession) => {
      const { snapshotLength } = session.description;
      if (!flags.quiet) for (const captured of session.interfaces) say(listeningLine(captured, snapshotLength));
      if (rules !== undefined) return;
      const needed = session.prepareForFewerPrivileges();
      const again = flags.reattach === false ? [] : TO_REATTACH;
      if (!privileges.keepsAll) giveUp(privileges, [...new Set([...needed, ...again])], { onNote, onDetail });
      live?.tables.begin();
      const isInIncident = () => recorder.incident !== undefined;
      rules = new WatchRules(values.triggers, join(directory.path, USUAL_RATES), isInIncident, onNote ?? (() => {}));
      publishing?.start();
      tell({ event: "started", interfaces: session.interfaces.map(({ name }) => name), directory: directory.path });
      notifier.ready();
    },
    recorder,
    triggers: {
      get needsKeys() {
        return rules?.needsKeys ?? false;
      },
      begin: () => rules?.begin(),
      observe: (observation) => rules?.observe(observation) ?? [],
    },
    pressure: needsOf(values.triggers).pressure || config.triggers !== undefined ? readListenPressure : undefined,
    command: ["ringcap", ...process.argv.slice(2)],
    clock: HOST_CLOCK,
    tell,
    stop: stop.signal,
    onLook: (session) => {
      publishing?.events.look();
      lookedAt = HOST_CLOCK.elapsed();
      tables?.look(session);
      if (lookedAt - toldAt < STATUS_SECONDS) return;
      toldAt = lookedAt;
      notifier.status(statusLine(state()));
      if (recorder.incident !== undefined) void kept.enforce(undefined, recorder.incident.bytes);
    },
    onWindow: (window) => {
      tables?.takeWindow(window);
      publishing?.events.takeWindow(window);
    },
    onEnd: (session) => tables?.endCapture(session),
    cannotReopen: () => (flags.reattach === false ? "leave out --no-reattach, and it is waited for" : undefined),
  });
  if (publish !== undefined && publishPlan !== undefined) {
    const { quiet = false } = flags;
    publishing = new publish.WatchPublishing(publishPlan, { directory: directory.path, watch, recorder, quiet });
  }
  const state = () => watchState({ watch, recorder, rules, onIncidentFailed: program.failed });
  const start = HOST_CLOCK.elapsed();
  const report = () => watchReport(watch, recorder, HOST_CLOCK.elapsed() - start);
  const metrics =
    values.metrics === undefined
      ? undefined
      : await MetricsServer.open(parseListenAddress(values.metrics), () => watchMetricsText(state()), sayWarning);
  if (metrics !== undefined) onNote?.(`the metrics are at ${metrics.url}`);
  notifier.keepAlive(() => watch.session === undefined || HOST_CLOCK.elapsed() - lookedAt < HEALTHY_SECONDS);
  stop.signal.addEventListener("abort", () => pages?.close());
  onStopSignal(
    () => stop.abort(),
    () => {
      program.abandon();
      pages?.abandon();
      publishing?.abandon();
    },
    () => {},
    () => stop.signal.aborted,
    () => false,
    ["SIGINT", "SIGTERM"],
  );
  if (flags.duration !== undefined) setTimeout(() => stop.abort(), flags.duration * 1000).unref();
  onUserSignals({
    statistics: () => say(tryText(() => countLines(report().packets))),
    hangUp: reloader({ flags, config, checkRules, recorder, notifier, rules: () => rules, onNote }),
  });
  let failure: unknown;
  try {
    await watch.run();
  } catch (error) {
    failure = error;
  }
  notifier.stopping();
  metrics?.close();
  const published = publishing?.close();
  await rules?.close();
  await kept.enforce(undefined);
  const lostRows = (await tables?.close()) ?? 0;
  nothingLeftToWrite();
  if (program.isRunning)
    onNote?.("the program of --on-incident still runs, and is ended in 30 s or by a further Ctrl-C");
  await program.close();
  await published;
  notifier.close();
  if (failure !== undefined) sayError(failure);
  const final = report();
  const loss = lossWarning(final.packets);
  if (loss !== undefined) sayWarning(loss);
  const haveGaps = tellOfLostRows(lostRows);
  const sent = publishing?.report ?? {};
  if (flags.json) printEvent({ event: "ended", ...final, ...sent });
  else if (!flags.quiet) say(countLines(final.packets));
  if (failure !== undefined) return exitCodeOf(failure);
  return loss !== undefined || haveGaps || final.incidents.failed > 0 || program.failed > 0 ? 1 : 0;
}

/** Runs the program of --on-incident. What an incident counted by second is in its directory. */
function runProgram(program: IncidentProgram, event: WatchEvent): void {
  if (!("report" in event) || event.report === undefined) return;
  const { bySecond: _, ...report } = event.report;
  program.run(event.event === "incident-began" ? "begin" : "end", { directory: event.directory, ...report });
}

function tryText(make: () => string): string {
  try {
    return make();
  } catch (error) {
    return reasonOf(error);
  }
}

/** What makes the page of an incident: this program, in the directory of the incident. */
function pageProgram(): PageProgram {
  const [program = "ringcap"] = process.argv.slice(1);
  const words = [...process.execArgv, program, "report", ".", "-o", "report.html", "-o", "report.json", "--quiet"];
  return new PageProgram(process.execPath, words);
}
