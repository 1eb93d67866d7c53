/**
 * The entry "ringcap/fleet": it writes files as Parquet tables, one directory for many hosts, and asks them (docs/fleet.md). The
 * declarations lead to none of the optional libraries, so that who lacks one can compile all the same.
 */
import { hostname } from "node:os";
import { usageError } from "../errors.ts";
import type { Exported, ExportedTable } from "../fleet/export/exported.ts";
import {
  duckDb,
  exportCaptures,
  exportConnections,
  FleetDatabase,
  FleetDirectory,
  hostInPath,
  parquetLibrary,
} from "../fleet/index.ts";
import type { FleetTables } from "../fleet/query/answer.ts";
import { oneOf } from "../options/index.ts";
import { refuseUnknown } from "../options/refuse-unknown.ts";
import { ANY_LAYOUT } from "../pipeline/index.ts";
import { checkReplayOptions, openReplay, type ReplayOptions } from "../replay/index.ts";
import { OpenedFile, withoutDuplicates } from "../report/index.ts";

export type { Column, ColumnType } from "../fleet/contract/columns.ts";
export type { Table, TableName } from "../fleet/contract/table.ts";
export { TABLES } from "../fleet/contract/tables.ts";
export type { Exported, ExportedTable } from "../fleet/export/exported.ts";
export type { Answer, AnswerValue, FleetTables, LeftOut } from "../fleet/query/answer.ts";
export { type QuestionName, type QuestionOptions, sqlOfQuestion } from "../fleet/query/questions.ts";

/** The options of exportTable(). Unknown ones are refused. */
export interface ExportTableOptions {
  /** The directory of all tables. It is made where it is not there, readable for its owner alone. */
  to: string;
  /** The default is "packets". */
  table?: ExportedTable;
  /** The name of the host that the files are of. The default is the name of this one. */
  host?: string;
  /** Which packets become rows. The default is all. */
  filter?: ReplayOptions["filter"];
  /** Ends the reading. The table has what was read until then. */
  signal?: AbortSignal | undefined;
  /** Called with what is worth knowing and is no error. */
  onNote?: ((note: string) => void) | undefined;
}

const OPTIONS: Readonly<Record<keyof ExportTableOptions, true>> = {
  to: true,
  table: true,
  host: true,
  filter: true,
  signal: true,
  onNote: true,
};

/**
 * Writes files as a table, as `ringcap export` does: captures in the order of their first packets, in bounded memory. A file of
 * the table appears when it is complete.
 *
 * ```ts
 * const { rows, faults } = await exportTable(["flood.pcapng"], { to: "/srv/fleet", host: "web1" });
 * ```
 *
 * @param files paths of pcap and pcapng files, plain or in gzip; of the table "connections", of what `ringcap connections --json`
 *   wrote; "-" is stdin
 * @throws RingcapError USAGE for options that cannot be honoured; INSTALLATION where the package hyparquet-writer is not
 *   installed beside ringcap; OUTPUT; INPUT for a file that cannot be opened, and where none could be read
 */
export async function exportTable(files: string | readonly string[], options: ExportTableOptions): Promise<Exported> {
  refuseUnknown(options, OPTIONS);
  const { to, host = hostname(), filter, onNote, signal = new AbortController().signal } = options;
  const table = oneOf("table", options.table, ["packets", "seconds", "connections"] as const, "packets");
  const paths = [files].flat();
  if (paths.length === 0) throw usageError("files", "no file is named");
  if (table === "connections" && filter !== undefined)
    throw usageError("filter", "it chooses packets, and connections are none", "leave it out");
  const settings = checkReplayOptions({ engine: "user", filter, onNote }, undefined, { ...ANY_LAYOUT, blocks: true });
  const { filterText } = settings;
  parquetLibrary();
  const common = { host: hostInPath(host), signal };
  const opened: OpenedFile[] = [];
  try {
    for (const path of paths) opened.push(await OpenedFile.open(path));
    const once = withoutDuplicates(opened).once;
    const directory = new FleetDirectory(to, "to").path;
    if (table === "connections") return await exportConnections(once, { ...common, directory });
    return await exportCaptures(once, {
      ...{ ...common, directory, table, onNote },
      select:
        filterText === undefined ? undefined : (name, content) => openReplay({ path: name, name, content }, settings),
    });
  } finally {
    for (const file of opened) await file.close();
  }
}

/**
 * Opens the tables of a directory for questions in SQL, as `ringcap query` does: each is a view, and `ip()`, `in_net()` and
 * `ip_text()` are there for addresses.
 *
 * ```ts
 * const tables = await openTables("/srv/fleet");
 * const { rows } = await tables.ask(sqlOfQuestion("hosts-hit", tables.tables, { limit: 10 }));
 * for await (const portion of rows) console.table(portion);
 * tables.close();
 * ```
 *
 * @throws RingcapError INSTALLATION where the package @duckdb/node-api is not installed beside ringcap; INPUT for a directory
 *   without tables
 */
export async function openTables(directory: string): Promise<FleetTables> {
  return FleetDatabase.open(directory, duckDb());
}
