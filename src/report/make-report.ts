/** Makes a report of files: in the order in which they were captured, whatever one of them is like. */
import type { AddressDatabase } from "./address-database.ts";
import { ReportSink } from "./analysis/report-sink.ts";
import { inOrder } from "./files/in-order.ts";
import type { OpenedFile } from "./files/opened-file.ts";
import { type ReadingOptions, readFiles } from "./files/read-files.ts";
import type { IncidentFacts } from "./incident/incident-facts.ts";
import { withOwners } from "./networks/with-owners.ts";
import type { Report } from "./report.ts";
import { zonedTime } from "./times.ts";

export interface MakingOptions extends ReadingOptions {
  readonly ringcap: string;
  readonly command: readonly string[];
  /** What the packets were chosen by, in the words of the command line. */
  readonly filter: string | null;
  /** Of the incident that the files are of. */
  readonly incident?: IncidentFacts | undefined;
  readonly databases?: readonly AddressDatabase[] | undefined;
}

export interface MadeReport {
  readonly report: Report;
  /** What is wrong with files, of which the report has what could be read. */
  readonly faults: readonly unknown[];
}

/** @throws RingcapError INPUT where none of the files could be read, or a database could not */
export async function makeReport(files: readonly OpenedFile[], options: MakingOptions): Promise<MadeReport> {
  const { ringcap, command, filter, incident, databases = [] } = options;
  const sink = new ReportSink();
  const { identities, unreadable, faults } = await readFiles(await inOrder(files), sink, options);
  if (identities.length === 0 && faults.length > 0) throw faults[0];
  const made = sink.report({
    created: now(),
    ringcap,
    command,
    filter,
    files: identities,
    ...(incident === undefined ? {} : { marks: incident.marks, kernel: incident.kernel }),
  });
  const report = await withOwners({ ...made, files: [...made.files, ...unreadable] }, databases);
  return { report, faults };
}

function now(): string {
  const milliseconds = Date.now();
  return zonedTime(Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1_000_000);
}
