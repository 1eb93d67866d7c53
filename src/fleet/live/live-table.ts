/**
 * A table that is written while a capture goes on. Rows become a row group, and bytes that are written in the background. What
 * the disk does not take is counted and forgotten: nobody waits for it.
 */
import type { Table, TableName } from "../contract/table.ts";
import { fileNameOf } from "../file-name.ts";
import type { ParquetLibrary } from "../parquet/library.ts";
import { RecordRows, type RecordTime, type TableRecord } from "../parquet/record-rows.ts";
import { TableBytes } from "../parquet/table-bytes.ts";
import { dateOf, dayOf, partitionPath } from "../partition.ts";
import { LiveFile } from "./live-file.ts";

export type TimedRecord = TableRecord & { readonly time: RecordTime };

export interface LiveTableOptions {
  /** The directory of all tables. */
  readonly directory: string;
  /** As hostInPath() writes it. */
  readonly host: string;
  readonly library: ParquetLibrary;
  /** Makes room for an open file of so many bytes. It never rejects. */
  readonly makeRoom: (table: TableName, bytes: number) => Promise<void>;
  /** Is told of rows that are in no file. */
  readonly onLost: (rows: number, error: unknown) => void;
}

/** A file has fewer bytes: it is ended where another row group might exceed them. */
export const FILE_BYTES_MAX = 32 << 20;
/** The most bytes of a row group, and of the footer. */
const GROUP_BYTES_MAX = 4 << 20;
/** Bytes that wait for the disk at most. */
const WAITING_BYTES_MAX = 16 << 20;

interface OpenFile {
  readonly within: string;
  readonly name: string;
  readonly bytes: TableBytes;
  /** Undefined until it is created. */
  file?: LiveFile;
  hasFailed: boolean;
}

export class LiveTable {
  readonly #table: Table;
  readonly #options: LiveTableOptions;
  readonly #rows: RecordRows;
  #first: RecordTime = { seconds: 0, nanoseconds: 0 };
  #day = 0;
  #open: OpenFile | undefined;
  #waiting = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(table: Table, options: LiveTableOptions) {
    this.#table = table;
    this.#options = options;
    this.#rows = new RecordRows(table);
  }

  /** Adds a row, which is in a file after end() at the latest. */
  add(record: TimedRecord): void {
    const day = dayOf(record.time.seconds);
    if (day !== this.#day) this.end();
    this.#day = day;
    if (this.#rows.count === 0) this.#first = record.time;
    this.#rows.add(record);
    if (this.#rows.room === 0) this.#addGroup();
  }

  #addGroup(): void {
    const { library } = this.#options;
    this.#open ??= this.#begin();
    const open = this.#open;
    const { columns, isInOrderOfTime } = this.#rows.encode(library);
    open.bytes.addGroup(columns, isInOrderOfTime);
    this.#write(open);
    if (open.bytes.length > FILE_BYTES_MAX - 2 * GROUP_BYTES_MAX) this.#finish(open);
  }

  #begin(): OpenFile {
    const { name } = this.#table;
    return {
      within: partitionPath(name, dateOf(this.#day), this.#options.host),
      name: fileNameOf(this.#first.seconds, this.#first.nanoseconds),
      bytes: new TableBytes(this.#table, this.#options.library),
      hasFailed: false,
    };
  }

  /** Ends the file that is being written, if there is one. */
  end(): void {
    if (this.#rows.count > 0) this.#addGroup();
    if (this.#open !== undefined) this.#finish(this.#open);
  }

  #finish(open: OpenFile): void {
    this.#open = undefined;
    if (open.hasFailed) return;
    open.bytes.finish();
    this.#write(open);
    this.#later(open, async () => {
      await open.file?.finish();
      await this.#options.makeRoom(this.#table.name, 0);
    });
  }

  #write(open: OpenFile): void {
    const bytes = open.bytes.take().slice();
    const { length } = open.bytes;
    if (this.#waiting + bytes.length > WAITING_BYTES_MAX) {
      this.#fail(open, new Error("the disk takes too long"));
      return;
    }
    this.#waiting += bytes.length;
    this.#later(open, async () => {
      const { directory, makeRoom } = this.#options;
      await makeRoom(this.#table.name, length);
      open.file ??= await LiveFile.create(directory, open.within, open.name);
      await open.file.append(bytes);
    }).finally(() => {
      this.#waiting -= bytes.length;
    });
  }

  /** Does it behind all that came before. */
  #later(open: OpenFile, task: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(async () => {
      if (open.hasFailed) return;
      try {
        await task();
      } catch (error) {
        this.#fail(open, error);
      }
    });
    return this.#work;
  }

  /** What comes goes into another file. */
  #fail(open: OpenFile, error: unknown): void {
    open.hasFailed = true;
    if (this.#open === open) this.#open = undefined;
    this.#options.onLost(open.bytes.rows, error);
    this.#work = this.#work.then(async () => {
      await open.file?.discard();
      await this.#options.makeRoom(this.#table.name, 0);
    });
  }

  /** Resolves when all that was ended is on the disk, or lost. */
  async settled(): Promise<void> {
    let last: Promise<void> | undefined;
    while (last !== this.#work) {
      last = this.#work;
      await last;
    }
  }
}
