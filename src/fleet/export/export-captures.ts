/** Writes capture files as a table. */
import { RingcapError } from "../../errors.ts";
import { inOrder } from "../../report/files/in-order.ts";
import type { OpenedFile } from "../../report/files/opened-file.ts";
import { type ReadingOptions, readFiles } from "../../report/files/read-files.ts";
import { PacketExport, type PacketTable } from "./packet-export.ts";
import { PacketsTable } from "./packets-table.ts";
import { SecondsTable } from "./seconds-table.ts";

/** A table that is made of packets. */
export type CaptureTable = "packets" | "seconds";

export interface ExportOptions extends Omit<ReadingOptions, "withoutHashes"> {
  /** The directory of all tables. */
  readonly directory: string;
  readonly table: CaptureTable;
  /** The name of the host as hostInPath() writes it. */
  readonly host: string;
}

/** What became of an export. */
export interface Exported {
  /** Packets, or lines, that were read and wanted. */
  readonly read: number;
  /** Rows that were written. */
  readonly rows: number;
  /** Parquet files that were written. */
  readonly files: number;
  /** Their bytes. */
  readonly bytes: number;
  /** What is wrong with capture files, of which the table has what could be read. */
  readonly faults: readonly unknown[];
}

/**
 * Reads the files in the order of their first packets. Each file of the table appears when it is complete.
 *
 * @throws RingcapError INSTALLATION, OUTPUT; INPUT where none of the files could be read
 */
export async function exportCaptures(captures: readonly OpenedFile[], options: ExportOptions): Promise<Exported> {
  const { directory, host } = options;
  const table: PacketTable =
    options.table === "seconds" ? await SecondsTable.open(directory, host) : await PacketsTable.open(directory, host);
  try {
    const sink = new PacketExport(table);
    const { identities, faults } = await readFiles(await inOrder(captures), sink, { ...options, withoutHashes: true });
    const ending = faults.find((fault) => !(fault instanceof RingcapError && fault.code === "INPUT"));
    if (ending !== undefined) throw ending;
    if (identities.length === 0 && faults.length > 0) throw faults[0];
    await table.close();
    const { rows, files, bytes } = table;
    return { read: sink.packetsWritten, rows, files, bytes, faults };
  } catch (error) {
    table.discard();
    throw error;
  }
}
