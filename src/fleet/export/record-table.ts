/** A table whose rows come one by one. */
import type { Table } from "../contract/table.ts";
import { fileNameOf } from "../file-name.ts";
import { RecordRows, type RecordTime, type TableRecord } from "../parquet/record-rows.ts";
import { dayOf } from "../partition.ts";
import { TableFiles } from "./table-files.ts";

export class RecordTable {
  readonly #files: TableFiles<RecordRows>;

  private constructor(files: TableFiles<RecordRows>) {
    this.#files = files;
  }

  /** @param directory of all tables @param host as hostInPath() writes it @throws RingcapError INSTALLATION */
  static async open(directory: string, table: Table, host: string): Promise<RecordTable> {
    const makeRows = () => new RecordRows(table);
    return new RecordTable(await TableFiles.open({ directory, host, table, makeRows }));
  }

  /** @throws RingcapError OUTPUT */
  async add(record: TableRecord & { readonly time: RecordTime }): Promise<void> {
    const { seconds, nanoseconds } = record.time;
    const day = dayOf(seconds);
    const rows = await this.#files.rowsOf(day, () => fileNameOf(seconds, nanoseconds));
    rows.add(record);
    if (rows.room === 0) await this.#files.flush(day);
  }

  get files(): number {
    return this.#files.files;
  }

  get rows(): number {
    return this.#files.rows;
  }

  get bytes(): number {
    return this.#files.bytes;
  }

  /** Ends all files. @throws RingcapError OUTPUT */
  close(): Promise<void> {
    return this.#files.close();
  }

  /** Removes the files that are not finished. */
  discard(): void {
    this.#files.discard();
  }
}
