/**
 * The files of the tables of a directory. Many hosts put files there, and one file that DuckDB cannot read would fail every question. So
 * only whole Parquet files at the paths of tables are taken, links are not followed, and what is left out is told.
 */
import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { reasonWithoutPath } from "../../errors.ts";
import { TABLE_NAMES, type TableName } from "../contract/table.ts";
import type { LeftOut } from "./answer.ts";

export const PARQUET = ".parquet";
/** What stands at both ends of a Parquet file (the section File format of the specification of Apache Parquet). */
const MAGIC = "PAR1";
/** The length of the footer in bytes, and the characters behind it. */
const TAIL_BYTES = 8;
/** As hostInPath() encodes a host. */
const HOST = /^host=(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+$/;
/** What means something in a pattern, control characters, and what stands for bytes that are no UTF-8. */
const UNSAFE = /[*?[\]\\\p{Cc}\uFFFD]/u;

/** The files of each table, and what is left out. */
export interface TableFiles {
  readonly files: ReadonlyMap<TableName, readonly string[]>;
  readonly leftOut: readonly LeftOut[];
}

/** @throws Error of Node.js for a directory that cannot be read */
export function tableFilesIn(directory: string): TableFiles {
  const files = new Map<TableName, string[]>();
  const leftOut: LeftOut[] = [];
  for (const table of readdirSync(directory, { withFileTypes: true })) {
    const name = TABLE_NAMES.find((known) => table.name === `table=${known}`);
    if (name === undefined) continue;
    const found: string[] = [];
    const walk = (path: string, entry: Dirent, levels: readonly Level[]) => {
      const [level, ...deeper] = levels;
      const wrong = reasonAgainst(path, entry, level);
      if (wrong !== undefined) leftOut.push({ path, reason: wrong });
      else if (level === undefined) found.push(path);
      else for (const child of childrenOf(path, level, leftOut)) walk(join(path, child.name), child, deeper);
    };
    walk(join(directory, table.name), table, LEVELS);
    if (found.length > 0) files.set(name, found.sort());
  }
  return { files, leftOut };
}

/** What the entries of a directory have to be, and which others are passed over without a word. */
interface Level {
  readonly concerns: (name: string) => boolean;
}

const LEVELS: readonly Level[] = [
  { concerns: (name) => name.startsWith("date=") },
  { concerns: (name) => name.startsWith("host=") },
  { concerns: (name) => name.endsWith(PARQUET) },
];

function childrenOf(path: string, { concerns }: Level, leftOut: LeftOut[]): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).filter(({ name }) => concerns(name));
  } catch (error) {
    leftOut.push({ path, reason: reasonWithoutPath(error) });
    return [];
  }
}

/** @param level undefined for a file @returns undefined where nothing is wrong */
function reasonAgainst(path: string, entry: Dirent, level: Level | undefined): string | undefined {
  const { name } = entry;
  if (entry.isSymbolicLink()) return "it is a symbolic link";
  if (level === undefined) {
    if (!entry.isFile()) return "it is no regular file";
    return UNSAFE.test(name) ? "its name has characters that no file of a table has" : reasonAgainstFile(path);
  }
  if (!entry.isDirectory()) return "it is no directory";
  if (name.startsWith("date=") && !isDate(name.slice("date=".length))) return "it is no date=YYYY-MM-DD";
  if (name.startsWith("host=") && !isHost(name)) return "it is no host=NAME as ringcap encodes it";
  return undefined;
}

function isDate(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function isHost(name: string): boolean {
  if (!HOST.test(name)) return false;
  try {
    return !decodeURIComponent(name).includes("\0");
  } catch {
    return false;
  }
}

/** A file that is being written, or was cut off, has no footer at its end. */
function reasonAgainstFile(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { size } = fstatSync(file);
    const [head, tail] = [Buffer.alloc(MAGIC.length), Buffer.alloc(TAIL_BYTES)];
    if (size < MAGIC.length + TAIL_BYTES) return "it is too short to be a Parquet file";
    readSync(file, head, 0, head.length, 0);
    readSync(file, tail, 0, tail.length, size - TAIL_BYTES);
    const isWhole = head.toString("latin1") === MAGIC && tail.toString("latin1", 4) === MAGIC;
    return isWhole && tail.readUInt32LE() <= size - MAGIC.length - TAIL_BYTES
      ? undefined
      : "it is no whole Parquet file";
  } catch (error) {
    return reasonWithoutPath(error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
