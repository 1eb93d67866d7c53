/** Removes the oldest files of one host's tables, so that no more bytes are kept than wanted. */
import type { Dirent } from "node:fs";
import { lstat, readdir, rmdir, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errnoOf } from "../../errors.ts";
import { removeAbandoned } from "../../outputs/abandoned-file.ts";
import { TABLE_NAMES, type TableName } from "../contract/table.ts";
import { isOwnDirectory } from "../table-directories.ts";

export interface KeptFilesOptions {
  /** The directory of all tables. */
  readonly directory: string;
  /** As hostInPath() writes it. */
  readonly host: string;
  /** The most bytes; undefined: all are kept. */
  readonly keepSize?: number | undefined;
}

/** The files that one table has of one day. */
interface Day {
  readonly date: string;
  readonly path: string;
  /** The directory and its last change, by which an unchanged one is not read again. */
  readonly identity: string;
  bytes: number;
  /** The bytes of each file by its name; undefined where the day was not read lately. */
  files?: Map<string, number> | undefined;
}

/** Events are written by ringcap fleet follow, which gives files their names later than it completes them. */
const OWN_TABLES = TABLE_NAMES.filter((name) => name !== "events");
const DATE = /^date=(\d{4}-\d\d-\d\d)$/;
const FILE = /^\d{8}T\d{6}\.\d{9}Z(-\d+)?\.parquet$/;
const PARTIAL = /^\d{8}T\d{6}\.\d{9}Z(-\d+)?\.parquet\.partial$/;

export class KeptFiles {
  readonly #options: KeptFilesOptions;
  #days: ReadonlyMap<string, Day> = new Map();
  /** The bytes of the files that are being written. */
  readonly #open = new Map<TableName, number>();

  constructor(options: KeptFilesOptions) {
    this.#options = options;
  }

  /**
   * Removes files until there is room for those that are being written. Where all are removed, there is no more to do. One
   * call has to have ended before the next one.
   *
   * @param bytes that the open file of the table will have; 0 when it is finished
   * @throws the error of the system call
   */
  async makeRoom(table: TableName, bytes: number): Promise<void> {
    const { keepSize } = this.#options;
    if (keepSize === undefined) return;
    this.#open.set(table, bytes);
    await this.#enforce(keepSize);
  }

  async #enforce(keepSize: number): Promise<void> {
    const days = await this.#read();
    this.#days = new Map(days.map((day) => [day.path, day]));
    const open = [...this.#open.values()].reduce((sum, bytes) => sum + bytes, 0);
    let over = days.reduce((sum, { bytes }) => sum + bytes, open) - keepSize;
    const dates = [...new Set(days.map(({ date }) => date))].sort();
    for (const date of dates) {
      if (over <= 0) return;
      const ofDate = days.filter((day) => day.date === date);
      over -= await removeOldest(ofDate, over);
      // Directories of the last day are those that files are made in.
      if (over > 0 && date !== dates.at(-1)) for (const { path } of ofDate) await removeEmpty(path);
    }
  }

  /** The days of all tables. */
  async #read(): Promise<Day[]> {
    const days: Day[] = [];
    const directories = await this.#directories();
    const last = directories
      .map(({ date }) => date)
      .sort()
      .at(-1);
    for (const { date, path } of directories) {
      const status = await unlessGone(() => lstat(path, { bigint: true }));
      if (!status?.isDirectory()) continue;
      const identity = `${status.dev} ${status.ino} ${status.mtimeNs}`;
      const before = this.#days.get(path);
      if (before?.identity !== identity) days.push(await readDay({ date, path, identity }, before?.files));
      // Months of files take no memory: the names are kept of the last day, and of one that changes.
      else days.push(date === last ? before : { ...before, files: undefined });
    }
    return days;
  }

  async #directories(): Promise<{ readonly date: string; readonly path: string }[]> {
    const { directory, host } = this.#options;
    const found: { readonly date: string; readonly path: string }[] = [];
    for (const table of OWN_TABLES) {
      const base = join(directory, `table=${table}`);
      // A link would lead to files of somebody else.
      if (!(await isOwnDirectory(base))) continue;
      for (const entry of await entriesOf(base)) {
        const [, date] = DATE.exec(entry.name) ?? [];
        if (date !== undefined && entry.isDirectory())
          found.push({ date, path: join(base, entry.name, `host=${host}`) });
      }
    }
    return found;
  }

  /** Removes partial files that an earlier process left. @throws the error of the system call */
  async removeLeftBehind(): Promise<void> {
    for (const { path } of await this.#directories()) {
      if (!(await isOwnDirectory(path))) continue;
      for (const entry of await entriesOf(path))
        if (entry.isFile() && PARTIAL.test(entry.name)) await removeAbandoned(join(path, entry.name));
    }
  }
}

async function entriesOf(path: string): Promise<Dirent[]> {
  return (await unlessGone(() => readdir(path, { withFileTypes: true }))) ?? [];
}

/** @param known the bytes of files that were looked at before, which never change */
async function readDay(day: Omit<Day, "bytes">, known: ReadonlyMap<string, number> | undefined): Promise<Day> {
  const files = new Map<string, number>();
  let sum = 0;
  for (const entry of await entriesOf(day.path)) {
    if (!entry.isFile() || !FILE.test(entry.name)) continue;
    const bytes = known?.get(entry.name) ?? (await unlessGone(() => lstat(join(day.path, entry.name))))?.size ?? 0;
    files.set(entry.name, bytes);
    sum += bytes;
  }
  return { ...day, bytes: sum, files };
}

/** Removes files of the days of one date. @returns the bytes that were removed: `wanted`, or more, or those of all files */
async function removeOldest(days: readonly Day[], wanted: number): Promise<number> {
  const files: { readonly name: string; readonly bytes: number; readonly day: Day }[] = [];
  for (const day of days) {
    day.files ??= (await readDay(day, undefined)).files;
    for (const [name, bytes] of day.files ?? []) files.push({ name, bytes, day });
  }
  files.sort((one, other) => (one.name < other.name ? -1 : 1));
  let removed = 0;
  for (const { name, bytes, day } of files) {
    if (removed >= wanted) break;
    await unlessGone(() => unlink(join(day.path, name)));
    day.files?.delete(name);
    day.bytes -= bytes;
    removed += bytes;
  }
  return removed;
}

/** Removes the directory of a host, and that of the day, where nothing is left in them. */
async function removeEmpty(host: string): Promise<void> {
  try {
    await rmdir(host);
    await rmdir(dirname(host));
  } catch {
    // Something is in it.
  }
}

/** @returns undefined where it is not there, as somebody else may have removed it */
async function unlessGone<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
