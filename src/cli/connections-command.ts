/** Runs `ringcap connections`. */

import { type ConnectionCounters, type ConnectionEvent, ConnectionSummary, connections } from "../connections/index.ts";
import { RingcapError } from "../errors.ts";
import { openByteOutput } from "../outputs/index.ts";
import { formatJsonLine, formatTableLine, tableHeader } from "./connection-line.ts";
import { type ConnectionsFlags, toConnectionsOptions } from "./connections-options.ts";
import { counted } from "./counted.ts";
import { runHalfOpen } from "./half-open-command.ts";
import { openLiveTables, tellOfLostRows } from "./live-tables.ts";
import { say, sayNote, sayWarning } from "./messages.ts";
import { ServiceLife } from "./service-life.ts";
import { STDOUT } from "./standard-streams.ts";
import { onStopSignal } from "./stop-signals.ts";
import { formatSummaryJson, formatSummaryTable } from "./summary-lines.ts";
import { onUserSignals } from "./user-signals.ts";

/** Runs the command. @returns the exit code */
export async function runConnections(flags: ConnectionsFlags): Promise<number> {
  if (flags.halfOpen) return runHalfOpen(flags);
  const options = toConnectionsOptions(flags);
  const summary = flags.summary === undefined ? undefined : new ConnectionSummary(flags.summary);
  const live = await openLiveTables(flags, flags.keepSize);
  live?.directory.refuseForeign();
  const life = new ServiceLife();
  const showsLines = !flags.quiet || (summary === undefined && live === undefined);
  const stop = new AbortController();
  const output = openByteOutput(STDOUT, "standard output");
  const session = connections({ ...options, signal: stop.signal, onNote: flags.quiet ? undefined : sayNote });
  // Until this line, a signal ends the process, because a list may be read from a pipe that nobody writes to.
  onStopSignal(
    () => stop.abort(),
    () => output.abandon(),
  );
  onUserSignals({ statistics: () => say(countLines(session.counters())) });
  const table = { events: flags.events ?? false, details: flags.details ?? false };
  const lineOf = flags.json ? formatJsonLine : (event: ConnectionEvent) => formatTableLine(event, table);
  try {
    if (!flags.quiet) say(`listening on TCP connections (${session.tracepoint} inet_sock_set_state)`);
    live?.tables.begin();
    life.begun();
    if (!flags.json && showsLines) await output.write(Buffer.from(`${tableHeader(table)}\n`));
    for await (const batch of session.batches()) {
      if (live !== undefined)
        for (const event of batch) live.tables.add("connections", live.fleet.connectionRow(event));
      if (showsLines) await output.write(Buffer.from(batch.map((event) => `${lineOf(event)}\n`).join("")));
      if (summary !== undefined) for (const event of batch) summary.add(event);
    }
    if (summary !== undefined) await output.write(Buffer.from(summaryText(summary, flags)));
    await output.close();
  } catch (error) {
    await session.stop();
    // A reader of standard output that has seen enough, as `| head` has, is no failure.
    if (!(error instanceof RingcapError && error.code === "OUTPUT_CLOSED")) throw error;
  } finally {
    await live?.tables.close();
  }
  life.ended();
  const code = report(session.counters(), flags);
  return tellOfLostRows(live?.tables.lost ?? 0) ? 1 : code;
}

function summaryText(summary: ConnectionSummary, { summary: kind = "process", json, quiet }: ConnectionsFlags): string {
  const groups = summary.groups();
  if (json) return groups.map((group) => `${formatSummaryJson(kind, group)}\n`).join("");
  return `${quiet ? "" : "\n"}${formatSummaryTable(kind, groups)}\n`;
}

function report(counters: ConnectionCounters, flags: ConnectionsFlags): number {
  if (!flags.quiet) say(countLines(counters));
  const loss = lossWarning(counters);
  if (loss !== undefined) sayWarning(loss);
  return loss === undefined ? 0 : 1;
}

export function countLines({ told, closed, open, evicted, lost, missed }: ConnectionCounters): string {
  return [
    `${counted(told, "connection")} shown`,
    `${counted(closed, "connection")} closed, ${open} still open`,
    `${counted(missed, "connection")} missed: no program saw their end`,
    `${counted(lost, "connection")} lost for want of room in the ring`,
    `${counted(evicted, "connection")} forgotten for want of room in the table`,
  ].join("\n");
}

export function lossWarning({ lost, lostEvents, evicted, missed }: ConnectionCounters): string | undefined {
  const losses: string[] = [];
  if (lost + lostEvents > 0) {
    losses.push(
      `${counted(lost + lostEvents, "event")} found the ring full (a larger --buffer-size or a narrower filter helps)`,
    );
  }
  if (missed > 0) losses.push(`${counted(missed, "connection")} ended while no program could see it`);
  if (evicted > 0) losses.push(`${counted(evicted, "connection")} without a start (a larger --max-connections helps)`);
  return losses.length === 0 ? undefined : `the list is incomplete: ${losses.join(", ")}`;
}
