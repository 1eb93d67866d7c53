/** The tables that are written while a capture goes on: a file of each a minute, two seconds behind it. */
import { reasonOf } from "../../errors.ts";
import type { TableName } from "../contract/table.ts";
import { TABLES } from "../contract/tables.ts";
import { parquetLibrary } from "../parquet/library.ts";
import { Background } from "./background.ts";
import { KeptFiles } from "./kept-files.ts";
import { LiveTable, type TimedRecord } from "./live-table.ts";

export interface LiveTablesOptions {
  /** The directory of all tables. */
  readonly directory: string;
  /** As hostInPath() writes it. */
  readonly host: string;
  /** The most bytes of the files of this host. */
  readonly keepSize?: number | undefined;
  /** Bytes of a table that wait for the disk at most. Default: 16 MiB. */
  readonly waitingBytes?: number | undefined;
  readonly warn: (text: string) => void;
}

/** Milliseconds. */
const MINUTE = 60_000;
const BEHIND = 2000;
const WAITING_BYTES = 16 << 20;

export class LiveTables {
  readonly #options: LiveTablesOptions;
  readonly #kept: KeptFiles;
  readonly #background = new Background();
  readonly #library = parquetLibrary();
  readonly #tables = new Map<TableName, LiveTable>();
  readonly #warned = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  /** Is called before files are ended, so that what is due can be added. */
  beforeFiles: () => void = () => {};
  /** Rows that are in no file. */
  lost = 0;

  /** @throws RingcapError INSTALLATION where the library is not there that writes Parquet */
  constructor(options: LiveTablesOptions) {
    this.#options = options;
    this.#kept = new KeptFiles(options);
  }

  /** Begins to write files. It is called with the rights that the process then keeps. */
  begin(): void {
    if (this.#timer !== undefined) return;
    this.#wait();
    this.#background.add(() =>
      this.#kept.removeLeftBehind().catch((error) => this.#warnOnce("remove partial files of tables", error)),
    );
  }

  #wait(): void {
    const pause = MINUTE - ((Date.now() - BEHIND) % MINUTE);
    this.#timer = setTimeout(() => {
      this.#wait();
      this.#endFiles();
    }, pause).unref();
  }

  add(name: TableName, record: TimedRecord): void {
    this.#of(name).add(record);
  }

  #of(name: TableName): LiveTable {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const { directory, host } = this.#options;
    const made = new LiveTable(TABLES[name], {
      directory,
      host,
      library: this.#library,
      background: this.#background,
      waitingBytes: this.#options.waitingBytes ?? WAITING_BYTES,
      makeRoom: (table, bytes) =>
        this.#kept.makeRoom(table, bytes).catch((error) => this.#warnOnce("remove old files of tables", error)),
      onLost: (rows, error) => {
        this.lost += rows;
        this.#warnOnce("the tables have gaps", error);
      },
    });
    this.#tables.set(name, made);
    return made;
  }

  #endFiles(): void {
    this.beforeFiles();
    for (const table of this.#tables.values()) table.end();
  }

  /** Each kind of failure is told once, because a full disk stays full for hours. */
  #warnOnce(what: string, error: unknown): void {
    if (!this.#warned.has(what)) this.#options.warn(`${what}: ${reasonOf(error)}`);
    this.#warned.add(what);
  }

  /** Ends all files. Resolves when they are on the disk, and never rejects. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#endFiles();
    await this.#background.settled();
  }
}
