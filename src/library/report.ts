/** report() of the library. */
import { usageError } from "../errors.ts";
import { refuseUnknown } from "../options/refuse-unknown.ts";
import { ringcapVersion } from "../outputs/application.ts";
import { ANY_LAYOUT } from "../pipeline/index.ts";
import { checkReplayOptions, openReplay, type ReplayOptions } from "../replay/index.ts";
import { makeReport, OpenedFile, type Report, withoutDuplicates } from "../report/index.ts";

/** The options of report(). Unknown ones are refused. */
export interface ReportOptions {
  /** Which packets the report is of. The default is all. */
  filter?: ReplayOptions["filter"];
  /** Ends the reading. The report is of what was read, and says so in `files[].fault`. */
  signal?: AbortSignal | undefined;
  /** Called with what is worth knowing and is no error. */
  onNote?: ((note: string) => void) | undefined;
  /** Called for each file that is broken. The report is of what could be read of it. Without it the first one is thrown. */
  onFault?: ((fault: unknown) => void) | undefined;
}

const OPTIONS: Readonly<Record<keyof ReportOptions, true>> = {
  filter: true,
  signal: true,
  onNote: true,
  onFault: true,
};

/**
 * Reads capture files and says what happened in them, as `ringcap report --json` does (schemas/report.schema.json). It
 * keeps memory bounded, reads the files in the order of their first packets, and needs no privileges.
 *
 * ```ts
 * const { verdict } = await report("flood.pcapng");
 * console.log(verdict.title, verdict.reasons);
 * ```
 *
 * @param files paths of pcap and pcapng files, plain or in gzip; "-" is stdin
 * @throws RingcapError USAGE for options that cannot be honoured; INPUT for a file that cannot be opened, where none could
 *   be read, and for one that is broken where `onFault` is not there
 */
export async function report(files: string | readonly string[], options: ReportOptions = {}): Promise<Report> {
  refuseUnknown(options, OPTIONS);
  const { filter, onNote, onFault, signal = new AbortController().signal } = options;
  const paths = [files].flat();
  if (paths.length === 0) throw usageError("files", "no file is named");
  const settings = checkReplayOptions({ engine: "user", filter, onNote }, undefined, { ...ANY_LAYOUT, blocks: true });
  const { filterText } = settings;
  const opened: OpenedFile[] = [];
  try {
    for (const path of paths) opened.push(await OpenedFile.open(path));
    const made = await makeReport(withoutDuplicates(opened).once, {
      signal,
      select:
        filterText === undefined ? undefined : (name, content) => openReplay({ path: name, name, content }, settings),
      onNote,
      ringcap: ringcapVersion(),
      command: [],
      filter: filterText ?? null,
    });
    for (const fault of made.faults) {
      if (onFault === undefined) throw fault;
      onFault(fault);
    }
    return made.report;
  } finally {
    for (const file of opened) await file.close();
  }
}
