/** Runs `ringcap report`. */
import { usageError, wordError } from "../errors.ts";
import { PrivilegePlan } from "../host/index.ts";
import { ringcapVersion } from "../outputs/index.ts";
import { ANY_LAYOUT } from "../pipeline/index.ts";
import { checkReplayOptions, openReplay } from "../replay/index.ts";
import { AddressDatabase, anonymizeReport, makeReport, requireDatabaseLibrary } from "../report/index.ts";
import { anonymizerOf } from "./anonymizer-of.ts";
import { counted } from "./counted.ts";
import { exitCodeOf } from "./exit-codes.ts";
import { toFilterOptions } from "./filter-options.ts";
import { say, sayError, sayNote } from "./messages.ts";
import { formatReading, showProgress } from "./progress.ts";
import { incidentOf, ReportInputs, warnOfChanges } from "./report-inputs.ts";
import type { ReportFlags } from "./report-options.ts";
import { ReportOutput } from "./report-output.ts";
import { partReportWords } from "./report-words.ts";
import { listFiles } from "./same-file.ts";
import { onStopSignal } from "./stop-signals.ts";
import { giveUp } from "./user-option.ts";
import { onUserSignals } from "./user-signals.ts";

/** A word that is meant as an output, although a host could be called like it. */
const OUTPUT_LIKE = /\.(html|json|txt)$/i;

/** Runs the command. @param behind the number of words behind "--" @returns the exit code */
export async function runReport(words: readonly string[], behind: number, flags: ReportFlags): Promise<number> {
  const { files: names, expression } = partReportWords(words, behind);
  if (names.length === 0) throw usageError("--", "no file is named in front of it", "type ringcap report <file>");
  const meantOutput = expression.find((word) => OUTPUT_LIKE.test(word));
  if (meantOutput !== undefined)
    throw wordError(meantOutput, "no capture file has that name", `type -o ${meantOutput}`);
  const { mmdb = [] } = flags;
  if (mmdb.length > 0) requireDatabaseLibrary();
  const anonymizer = anonymizerOf(flags);
  const onNote = flags.quiet ? undefined : sayNote;
  const filter = toFilterOptions(flags, expression);
  const settings = checkReplayOptions({ engine: "user", filter, onNote }, undefined, { ...ANY_LAYOUT, blocks: true });
  const { filterText } = settings;

  const directory = await incidentOf(names);
  const paths = directory?.captures ?? names;
  await using inputs = new ReportInputs();
  const files = await (directory === undefined ? inputs.open(names, onNote) : inputs.openCaptures(directory));
  const databaseFiles: { readonly name: string; readonly fd: number }[] = [];
  for (const name of mmdb) databaseFiles.push({ name, fd: (await inputs.openDatabase(name)).fd });
  const others = [flags.anonymizeKey, directory?.report].filter((name) => name !== undefined);
  const read = [...paths, ...mmdb, ...listFiles(flags), ...others];
  const output = new ReportOutput(flags, read);
  try {
    const privileges = new PrivilegePlan(flags.user, output.directory);
    output.giveTo(privileges.account);
    giveUp(privileges, [], { onNote });
    const incident = directory?.facts();
    const stop = new AbortController();
    onStopSignal(() => stop.abort());
    onUserSignals({ statistics: () => say(formatReading(files)) });
    const databases: AddressDatabase[] = [];
    for (const { name, fd } of databaseFiles) databases.push(await inputs.use(AddressDatabase.open(name, fd)));
    const hideProgress = showProgress(() => formatReading(files));
    const { report, faults } = await makeReport(files, {
      signal: stop.signal,
      select:
        filterText === undefined ? undefined : (name, content) => openReplay({ path: name, name, content }, settings),
      onNote,
      ringcap: ringcapVersion(),
      command: ["ringcap", ...process.argv.slice(2)],
      filter: filterText ?? null,
      incident,
      databases,
    }).finally(() => hideProgress());
    await output.write(anonymizer === undefined ? report : anonymizeReport(report, anonymizer));
    for (const fault of faults) sayError(fault);
    if (stop.signal.aborted)
      sayNote(`stopped: the report is of ${counted(report.packets.read, "packet")} that were read`);
    if (incident !== undefined) warnOfChanges(incident, report);
    return faults.length > 0 ? exitCodeOf(faults[0]) : 0;
  } catch (error) {
    output.discard();
    throw error;
  }
}
