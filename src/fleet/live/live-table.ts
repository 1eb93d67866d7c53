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
import type { Background } from "./background.ts";
import { LiveFile } from "./live-file.ts";

export type TimedRecord = TableRecord & { readonly time: RecordTime };

export interface LiveTableOptions {
  /** The directory of all tables. */
  readonly directory: string;
  /** As hostInPath() writes it. */
  readonly host: string;
  readonly library: ParquetLibrary;
  readonly background: Background;
  /** Bytes that wait for the disk at most. */
  readonly waitingBytes: number;
  /** Makes room for an open file of so many bytes. It never rejects. */
  readonly makeRoom: (table: TableName, bytes: number) => Promise<void>;
  /** Is told of rows that are in no file. */
  readonly onLost: (rows: number, error: unknown) => void;
}

/** A file has fewer bytes: it is ended where another row group might exceed them. */
export const FILE_BYTES_MAX = 32 << 20;
/** The most bytes of a row group, and of the footer. */
const GROUP_BYTES_MAX = 4 << 20;
/** What a piece of bytes that waits for the disk takes besides. */
const PIECE_BYTES = 1 << 12;

/** A file until it is on the disk. */
interface OpenFile {
  readonly within: string;
  readonly name: string;
  rows: number;
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
  /** The file that row groups are added to, and its bytes. */
  #open: { readonly file: OpenFile; readonly bytes: TableBytes } | undefined;
  #waiting = 0;

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
    const { file, bytes } = this.#open;
    const { columns, isInOrderOfTime } = this.#rows.encode(library);
    bytes.addGroup(columns, isInOrderOfTime);
    file.rows = bytes.rows;
    this.#write(file, bytes);
    if (bytes.length > FILE_BYTES_MAX - 2 * GROUP_BYTES_MAX) this.#finish();
  }

  #begin(): { readonly file: OpenFile; readonly bytes: TableBytes } {
    const within = partitionPath(this.#table.name, dateOf(this.#day), this.#options.host);
    const name = fileNameOf(this.#first.seconds, this.#first.nanoseconds);
    const bytes = new TableBytes(this.#table, this.#options.library);
    return { file: { within, name, rows: 0, hasFailed: false }, bytes };
  }

  /** Ends the file that is being written, if there is one. */
  end(): void {
    if (this.#rows.count > 0) this.#addGroup();
    this.#finish();
  }

  #finish(): void {
    // A failure has taken it away.
    if (this.#open === undefined) return;
    const { file, bytes } = this.#open;
    bytes.finish();
    this.#write(file, bytes);
    this.#open = undefined;
    this.#later(file, async () => {
      await file.file?.finish();
      await this.#options.makeRoom(this.#table.name, 0);
    });
  }

  #write(file: OpenFile, bytes: TableBytes): void {
    const piece = bytes.take().slice();
    const { length } = bytes;
    if (this.#waiting + piece.length > this.#options.waitingBytes) {
      this.#fail(file, new Error("the disk takes too long"));
      return;
    }
    this.#waiting += piece.length + PIECE_BYTES;
    this.#later(file, async () => {
      const { directory, makeRoom } = this.#options;
      await makeRoom(this.#table.name, length);
      file.file ??= await LiveFile.create(directory, file.within, file.name);
      await file.file.append(piece);
    }).finally(() => {
      this.#waiting -= piece.length + PIECE_BYTES;
    });
  }

  /** Does it behind all that came before. */
  #later(file: OpenFile, task: () => Promise<void>): Promise<void> {
    return this.#options.background.add(async () => {
      if (file.hasFailed) return;
      try {
        await task();
      } catch (error) {
        this.#fail(file, error);
      }
    });
  }

  /** What comes goes into another file. */
  #fail(file: OpenFile, error: unknown): void {
    file.hasFailed = true;
    if (this.#open?.file === file) this.#open = undefined;
    this.#options.onLost(file.rows, error);
    this.#options.background.add(async () => {
      await file.file?.discard();
      await this.#options.makeRoom(this.#table.name, 0);
    });
  }
}
