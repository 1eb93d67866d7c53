/** The files of a table of one host that are being written: one for each day, of a few days at a time. */

import { RingcapError } from "../../errors.ts";
import type { Table } from "../contract/table.ts";
import type { EncodedColumn } from "../parquet/chunk.ts";
import { type ParquetLibrary, parquetLibrary } from "../parquet/library.ts";
import { TableFile } from "../parquet/table-file.ts";
import { dateOf, partitionPath } from "../partition.ts";

/** The rows that are collected for one file until they are a row group. */
export interface GroupRows {
  readonly count: number;
  encode(library: ParquetLibrary): { readonly columns: readonly EncodedColumn[]; readonly isInOrderOfTime: boolean };
}

export interface TableFilesOptions<Rows extends GroupRows> {
  /** The directory of all tables. */
  readonly directory: string;
  readonly table: Table;
  /** As hostInPath() writes it. */
  readonly host: string;
  readonly makeRows: () => Rows;
  /** Jumps between days that are taken. The default is MOST_JUMPS. */
  readonly mostJumps?: number;
}

/** Days whose files are open at a time. Packets around midnight need two. */
const MOST_OPEN = 3;
/** Days that begin once they, or later ones, were ended. Captures in order of time have none. */
const MOST_JUMPS = 1000;
/** Row groups of a file: four million rows, of which the footer says a few hundred kilobytes. */
const MOST_ROW_GROUPS = 32;

interface OpenDay<Rows> {
  readonly rows: Rows;
  file: TableFile | undefined;
  /** The name that the next file of the day begins with. */
  name: string;
}

export class TableFiles<Rows extends GroupRows> {
  readonly #options: TableFilesOptions<Rows>;
  readonly #library: ParquetLibrary;
  /** The day that was used last is the last one. */
  readonly #days = new Map<number, OpenDay<Rows>>();
  #jumps = 0;
  #latestEnded = Number.NEGATIVE_INFINITY;
  #numbers = new Map<string, number>();
  /** Of files that are finished. */
  files = 0;
  rows = 0;
  bytes = 0;

  private constructor(options: TableFilesOptions<Rows>, library: ParquetLibrary) {
    this.#options = options;
    this.#library = library;
  }

  /** @throws RingcapError INSTALLATION where the library is not there that writes Parquet */
  static async open<Rows extends GroupRows>(options: TableFilesOptions<Rows>): Promise<TableFiles<Rows>> {
    return new TableFiles(options, parquetLibrary());
  }

  /**
   * The rows of a day, to which more can be added. flush() is to be called when they are a row group.
   *
   * @param begin names the file that the first of them begins
   * @throws RingcapError OUTPUT; INPUT for packets that jump to and fro between days
   */
  async rowsOf(day: number, begin: () => string): Promise<Rows> {
    const known = this.#days.get(day);
    if (known !== undefined) {
      if (known.rows.count === 0 && known.file === undefined) known.name = begin();
      this.#days.delete(day);
      this.#days.set(day, known);
      return known.rows;
    }
    if (day <= this.#latestEnded && ++this.#jumps > (this.#options.mostJumps ?? MOST_JUMPS)) throw this.#jumpError();
    if (this.#days.size === MOST_OPEN) await this.#endOldest();
    const made = { rows: this.#options.makeRows(), file: undefined, name: begin() };
    this.#days.set(day, made);
    return made.rows;
  }

  async #endOldest(): Promise<void> {
    const [oldest] = this.#days.keys();
    if (oldest === undefined) return;
    this.#latestEnded = Math.max(this.#latestEnded, oldest);
    await this.#end(oldest);
  }

  #jumpError(): RingcapError {
    const operation = `write the table ${this.#options.table.name}`;
    const reason = "the times of the packets jump between too many days to keep them apart by day";
    const rest = `${this.files} files with ${this.rows} rows were finished before, and stay`;
    return new RingcapError(`${operation}: ${reason}; ${rest}`, { code: "INPUT", operation });
  }

  /** Writes the rows of a day as a row group. @throws RingcapError OUTPUT */
  async flush(day: number): Promise<void> {
    const open = this.#days.get(day);
    if (open === undefined || open.rows.count === 0) return;
    open.file ??= await this.#create(day, open.name);
    const { columns, isInOrderOfTime } = open.rows.encode(this.#library);
    open.file.writeGroup(columns, isInOrderOfTime);
    if (open.file.rowGroups < MOST_ROW_GROUPS) return;
    await this.#finish(open.file);
    open.file = undefined;
  }

  async #create(day: number, name: string): Promise<TableFile> {
    const { directory, table, host } = this.#options;
    const number = this.#numbers.get(name) ?? 0;
    this.#numbers.set(name, number + 1);
    const numbered = number === 0 ? name : `${name}-${number}`;
    const path = `${partitionPath(table.name, dateOf(day), host)}/${numbered}.parquet`;
    return TableFile.create(directory, path, table, this.#library);
  }

  async #finish(file: TableFile): Promise<void> {
    await file.finish();
    this.files++;
    this.rows += file.rows;
    this.bytes += file.bytes;
  }

  async #end(day: number): Promise<void> {
    await this.flush(day);
    const file = this.#days.get(day)?.file;
    this.#days.delete(day);
    if (file !== undefined) await this.#finish(file);
  }

  /** Ends all files. @throws RingcapError OUTPUT */
  async close(): Promise<void> {
    for (const day of [...this.#days.keys()]) await this.#end(day);
  }

  /** Removes the files that are not finished. */
  discard(): void {
    for (const { file } of this.#days.values()) file?.discard();
    this.#days.clear();
  }
}
