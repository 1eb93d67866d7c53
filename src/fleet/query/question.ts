/** What ready questions are made of: the rows of each table, and what is made of all of them. */
import type { TableName } from "../contract/table.ts";

/**
 * The SQL of rows of one table. All tables of a question give the same columns. ClickHouse has unsigned counts, and puts no signed and
 * unsigned column together, so that counts are made BIGINT.
 *
 * @param where which rows of the table
 */
export type MakeRows = (where: string) => string;

/** Of each question the tables that answer it, the best one first. */
export type Rows = Readonly<Partial<Record<TableName, MakeRows>>>;

/** A ready question. */
export interface Question {
  /** The tables that answer it, the best one first. */
  readonly tables: readonly TableName[];
  /** @param tables those that there are, at least one @param where which rows of each of them */
  sql(tables: readonly TableName[], where: string, limit: number): string;
}

/**
 * The rows of several tables, as a subquery. A day of a host is taken from the first table that has something of it, so that nothing is
 * counted twice, and no host is left out that only another table has.
 */
export function bestOf(rows: Rows, tables: readonly TableName[], where: string): string {
  return together(rows, tables, (earlier) =>
    [where, ...earlier.map((table) => `(host, date) NOT IN (SELECT host, date FROM ${table} WHERE ${where})`)].join(
      " AND ",
    ),
  );
}

/** The rows of several tables, as a subquery. @param whereOf which rows of a table, of those that come before it */
export function together(
  rows: Rows,
  tables: readonly TableName[],
  whereOf: (earlier: readonly TableName[]) => string,
): string {
  const parts = tables.flatMap((table, index) => rows[table]?.(whereOf(tables.slice(0, index))) ?? []);
  return `(${parts.join("\nUNION ALL\n")}) AS parts`;
}

/** The tables that a question has rows of. */
export function tablesOf(rows: Rows): TableName[] {
  return Object.keys(rows) as TableName[];
}
