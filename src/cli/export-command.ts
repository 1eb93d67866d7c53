/** Runs `ringcap export`. */
import { isIP } from "node:net";
import { hostname } from "node:os";
import { usageError } from "../errors.ts";
import { exportCaptures, exportConnections, FleetDirectory, hostInPath, parquetLibrary } from "../fleet/index.ts";
import { PrivilegePlan } from "../host/index.ts";
import { oneOf } from "../options/index.ts";
import { printableJson } from "../outputs/index.ts";
import { ANY_LAYOUT } from "../pipeline/index.ts";
import { checkReplayOptions, openReplay } from "../replay/index.ts";
import { counted } from "./counted.ts";
import { exitCodeOf } from "./exit-codes.ts";
import type { ExportFlags } from "./export-options.ts";
import { toFilterOptions } from "./filter-options.ts";
import { print, say, sayError, sayNote } from "./messages.ts";
import { formatReading, showProgress } from "./progress.ts";
import { ReportInputs } from "./report-inputs.ts";
import { partReportWords } from "./report-words.ts";
import { onStopSignal } from "./stop-signals.ts";
import { giveUp } from "./user-option.ts";
import { onUserSignals } from "./user-signals.ts";

const EXPORTED = ["packets", "seconds", "connections"] as const;

/** Runs the command. @param behind the number of words behind "--" @returns the exit code */
export async function runExport(words: readonly string[], behind: number, flags: ExportFlags): Promise<number> {
  const { files: names, expression } = partReportWords(words, behind, undefined, "export");
  if (names.length === 0)
    throw usageError("--", "no file is named in front of it", "type ringcap export <file> --to <directory>");
  if (flags.to === undefined) throw usageError("--to", "it says where the tables are", "add --to <directory>");
  const table = oneOf("--table", flags.table as (typeof EXPORTED)[number] | undefined, EXPORTED, "packets");
  if (table === "connections" && expression.length > 0)
    throw usageError("--table", "an expression chooses packets, and connections are none", "leave out the expression");
  const host = hostOf(flags);
  const onNote = flags.quiet ? undefined : sayNote;
  const filter = toFilterOptions({}, expression);
  const settings = checkReplayOptions({ engine: "user", filter, onNote }, undefined, { ...ANY_LAYOUT, blocks: true });
  const { filterText } = settings;
  parquetLibrary();

  await using inputs = new ReportInputs();
  const files = await inputs.open(names, onNote);
  const directory = new FleetDirectory(flags.to, "--to");
  process.once("exit", () => directory.abandon());
  const privileges = new PrivilegePlan(flags.user, directory.owner);
  directory.giveTo(privileges.writer);
  giveUp(privileges, [], { onNote });
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  onUserSignals({ statistics: () => say(formatReading(files)) });
  const hideProgress = showProgress(() => formatReading(files));
  const common = { directory: directory.path, host, signal: stop.signal };
  const exporting =
    table === "connections"
      ? exportConnections(files, common)
      : exportCaptures(files, {
          ...common,
          table,
          onNote,
          select:
            filterText === undefined
              ? undefined
              : (name, content) => openReplay({ path: name, name, content }, settings),
        });
  const { faults, ...numbers } = await exporting.finally(hideProgress);
  for (const fault of faults) sayError(fault);
  if (stop.signal.aborted) sayNote("stopped: the table has what was read");
  if (flags.json) print(`${printableJson({ version: 1, table, ...numbers })}\n`);
  else if (!flags.quiet) {
    const { rows, files: written, bytes } = numbers;
    say(`${counted(rows, "row")} of ${table} in ${counted(written, "file")}, ${counted(bytes, "byte")}`);
  }
  return faults.length > 0 ? exitCodeOf(faults[0]) : 0;
}

/** @throws RingcapError USAGE for an address, which other commands take as a filter */
function hostOf({ host = hostname() }: ExportFlags): string {
  if (isIP(host) === 0) return hostInPath(host);
  const hint = `to choose packets, type an expression: 'host ${host}'`;
  throw usageError("--host", `it names the host that the files are of, and ${host} is an address`, hint);
}
