/** Tables of capture files in a test, and DuckDB to judge them. */
import { DuckDBInstance } from "@duckdb/node-api";
import { onTestFinished } from "vitest";
import { type CaptureTable, type Exported, exportCaptures, hostInPath } from "../../src/fleet/index.ts";
import { OpenedFile } from "../../src/report/index.ts";

export const never = new AbortController().signal;

/** Exports whole capture files. */
export async function exportFiles(
  paths: readonly string[],
  directory: string,
  table: CaptureTable = "packets",
  host = "web1",
  rowGroupRows?: number,
): Promise<Exported> {
  const files: OpenedFile[] = [];
  try {
    for (const path of paths) files.push(await OpenedFile.open(path));
    return await exportCaptures(files, {
      ...{ directory, table, host: hostInPath(host), signal: never },
      ...(rowGroupRows === undefined ? {} : { rowGroupRows }),
    });
  } finally {
    for (const file of files) await file.close();
  }
}

export type Row = Readonly<Record<string, unknown>>;

/** Asks DuckDB itself. The connection is closed at the end of the test. @returns bigints for all whole numbers of 64 bits */
export async function askDuckDb(sql: string): Promise<Row[]> {
  const instance = await DuckDBInstance.create(":memory:");
  onTestFinished(() => instance.closeSync());
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjects();
  } finally {
    connection.closeSync();
  }
}

/** The table of a directory as DuckDB reads it without any help. */
export function filesOf(directory: string, table: string): string {
  return `read_parquet('${directory}/table=${table}/*/*/*.parquet', hive_partitioning = true)`;
}
