/** What a table is. */
import type { Column } from "./columns.ts";

/** A table: its rows and their order, and its columns. */
export interface Table {
  /** As paths have it: table=NAME. */
  readonly name: TableName;
  /** What a row is. */
  readonly row: string;
  /** The order of the rows within a file. */
  readonly order: string;
  /** In the order of the files. */
  readonly columns: readonly Column[];
}

/** The tables, as they are called in paths: table=NAME. */
export const TABLE_NAMES = ["seconds", "talkers", "connections", "incidents", "events", "packets"] as const;
/** The name of a table. */
export type TableName = (typeof TABLE_NAMES)[number];

/** Rows of a row group: a multiple of the 2048 of DuckDB's vectors, and what it gives one thread at a time. */
export const ROW_GROUP_ROWS = 122_880;

type Facts = Omit<Column, "name" | "type" | "nullable" | "description">;

/** A column that every row has a value of. */
export function always(name: string, type: Column["type"], description: string, facts: Facts = {}): Column {
  return { name, type, nullable: false, description, ...facts };
}

/** A column that a row may have no value of. */
export function maybe(name: string, type: Column["type"], description: string, facts: Facts = {}): Column {
  return { name, type, nullable: true, description, ...facts };
}
