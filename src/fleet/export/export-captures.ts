/** Writes capture files as a table. */
import { RingcapError } from "../../errors.ts";
import { inOrder } from "../../report/files/in-order.ts";
import type { OpenedFile } from "../../report/files/opened-file.ts";
import { type ReadingOptions, readFiles } from "../../report/files/read-files.ts";
import type { CaptureTable, Exported } from "./exported.ts";
import { PacketExport, type PacketTable } from "./packet-export.ts";
import { PacketsTable } from "./packets-table.ts";
import { SecondsTable } from "./seconds-table.ts";

export interface ExportOptions extends Omit<ReadingOptions, "withoutHashes"> {
  /** The directory of all tables. */
  readonly directory: string;
  readonly table: CaptureTable;
  /** The name of the host as hostInPath() writes it. */
  readonly host: string;
  /** Rows of a row group of packets. The default is ROW_GROUP_ROWS. */
  readonly rowGroupRows?: number;
}

/**
 * Reads the files in the order of their first packets. Each file of the table appears when it is complete.
 *
 * @throws RingcapError INSTALLATION, OUTPUT; INPUT where none of the files could be read
 */
export async function exportCaptures(captures: readonly OpenedFile[], options: ExportOptions): Promise<Exported> {
  const { directory, host, rowGroupRows } = options;
  const table: PacketTable =
    options.table === "seconds"
      ? await SecondsTable.open(directory, host)
      : await PacketsTable.open(directory, host, rowGroupRows);
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
