/** The tables of a directory as views of DuckDB. A table without files is an empty one, so that every question has an answer. */
import { type Dirent, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { RingcapError, reasonWithoutPath } from "../../errors.ts";
import type { Column } from "../contract/columns.ts";
import { TABLE_NAMES, type Table, type TableName } from "../contract/table.ts";
import { TABLES } from "../contract/tables.ts";

const PARQUET = ".parquet";
/** The types of the columns that the path has. */
const PARTITIONS = { table: "VARCHAR", date: "DATE", host: "VARCHAR" } as const;

/** @returns the tables of which the directory has files @throws RingcapError INPUT where it is none */
export function tablesIn(directory: string): TableName[] {
  try {
    readdirSync(directory);
  } catch (cause) {
    throw noTablesError(directory, reasonWithoutPath(cause), cause);
  }
  const found = TABLE_NAMES.filter((name) => hasFile(join(directory, `table=${name}`), 2));
  if (found.length > 0) return found;
  throw noTablesError(directory, "it has no tables");
}

function noTablesError(directory: string, reason: string, cause?: unknown): RingcapError {
  const operation = `read ${directory}`;
  return new RingcapError(`${operation}: ${reason}`, {
    code: "INPUT",
    operation,
    hint: "name the directory that was given as --to of ringcap export or of ringcap fleet follow, or as --parquet",
    cause,
  });
}

/** Whether a file lies so many directories below. */
function hasFile(path: string, depth: number): boolean {
  let entries: Dirent[];
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    return false;
  }
  if (depth === 0) return entries.some((entry) => entry.isFile() && entry.name.endsWith(PARQUET));
  return entries.some((entry) => entry.isDirectory() && hasFile(join(path, entry.name), depth - 1));
}

/** @param found the tables of which the directory has files @returns the statement that makes the view */
export function viewOf(directory: string, name: TableName, found: readonly TableName[]): string {
  return `CREATE VIEW ${name} AS ${found.includes(name) ? filesOf(directory, name) : emptyTable(TABLES[name])}`;
}

function filesOf(directory: string, name: TableName): string {
  const pattern = `${globOf(resolve(directory))}/table=${name}/date=*/host=*/*${PARQUET}`;
  const types = Object.entries(PARTITIONS).map(([key, type]) => `${literal(key)}: ${type}`);
  const options = `hive_partitioning = true, hive_types = {${types.join(", ")}}, union_by_name = true`;
  return `SELECT * EXCLUDE ("table") FROM read_parquet(${literal(pattern)}, ${options})`;
}

function emptyTable({ columns }: Table): string {
  const typed = columns.map((column) => `NULL::${sqlType(column)} AS "${column.name}"`);
  return `SELECT ${typed.join(", ")}, NULL::DATE AS "date", NULL::VARCHAR AS "host" WHERE false`;
}

function sqlType({ type }: Column): string {
  switch (type) {
    case "time":
      return "TIMESTAMP_NS";
    case "address":
      return "BLOB";
    case "text":
      return "VARCHAR";
    case "uint8":
      return "UTINYINT";
    case "uint16":
      return "USMALLINT";
    case "uint32":
      return "UINTEGER";
    case "int64":
      return "BIGINT";
  }
}

/** Text as SQL has it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as a pattern that no other path matches. */
export function globOf(path: string): string {
  return path.replaceAll(/[*?[\]]/g, (character) => `[${character}]`);
}
