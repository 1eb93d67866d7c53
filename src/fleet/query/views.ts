/** The tables of a directory as views of DuckDB. A table without files is an empty one, so that every question has an answer. */
import { resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { RingcapError, reasonOf } from "../../errors.ts";
import type { Column } from "../contract/columns.ts";
import type { Table, TableName } from "../contract/table.ts";
import { TABLES } from "../contract/tables.ts";
import type { LeftOut } from "./answer.ts";

/** The types of the columns that the path has. */
const PARTITIONS = { table: "VARCHAR", date: "DATE", host: "VARCHAR" } as const;

/**
 * Makes the view of a table. DuckDB widens a column to a type that all files have room for, so that one file with other types would
 * change the answers about all hosts: such files are left out.
 *
 * @param files paths
 * @returns which files the view has, and which are left out
 */
export async function makeView(
  connection: DuckDBConnection,
  name: TableName,
  files: readonly string[],
): Promise<{ readonly taken: readonly string[]; readonly leftOut: readonly LeftOut[] }> {
  const leftOut: LeftOut[] = [];
  let taken = files;
  // Reading the columns of all files at once is quick. Only where that shows something wrong, each file is read alone.
  if (files.length > 0 && (await columnsOf(connection, files, TABLES[name])).wrong !== undefined) {
    const kept: string[] = [];
    for (const path of files) {
      const { wrong } = await columnsOf(connection, [path], TABLES[name]);
      if (wrong === undefined) kept.push(path);
      else leftOut.push({ path, reason: wrong });
    }
    taken = kept;
  }
  await connection.run(`CREATE VIEW ${name} AS ${await selectOf(connection, taken, TABLES[name])}`);
  return { taken, leftOut };
}

interface FoundColumns {
  /** In lower case: names of SQL have no case. */
  readonly names: ReadonlySet<string>;
  /** Why the files are no files of the table. */
  readonly wrong?: string;
}

async function columnsOf(connection: DuckDBConnection, files: readonly string[], table: Table): Promise<FoundColumns> {
  let types: Map<string, string>;
  try {
    const answer = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${filesOf(files)}`);
    types = new Map(answer.getRows().map(([name, type]) => [String(name).toLowerCase(), String(type)]));
  } catch (error) {
    if (error instanceof RingcapError) throw error;
    return { names: new Set(), wrong: firstLine(reasonOf(error)) };
  }
  const names = new Set(types.keys());
  for (const column of table.columns) {
    const type = types.get(column.name);
    if (type === undefined && column.nullable) continue;
    if (type === undefined) return { names, wrong: `it has no column ${column.name}` };
    if (type !== sqlType(column))
      return { names, wrong: `its column ${column.name} has the type ${type} in the place of ${sqlType(column)}` };
  }
  return { names };
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

async function selectOf(connection: DuckDBConnection, files: readonly string[], table: Table): Promise<string> {
  if (files.length === 0) return emptyTable(table);
  const { names } = await columnsOf(connection, files, table);
  const columns = table.columns.map((column) =>
    names.has(column.name) ? `"${column.name}"` : `NULL::${sqlType(column)} AS "${column.name}"`,
  );
  return `SELECT ${columns.join(", ")}, "date", "host" FROM ${filesOf(files)}`;
}

function filesOf(files: readonly string[]): string {
  const types = Object.entries(PARTITIONS).map(([key, type]) => `${literal(key)}: ${type}`);
  const options = `hive_partitioning = true, hive_types = {${types.join(", ")}}, union_by_name = true`;
  return `read_parquet([${files.map((path) => literal(globOf(resolve(path)))).join(", ")}], ${options})`;
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
