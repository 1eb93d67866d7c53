/**
 * Refuses what is no question. DuckDB has functions that write, `enable_logging` into a directory among them, and a SELECT can call each
 * of them as it calls those that read. So DuckDB parses the question, and the functions that stand in the place of a table are looked up.
 */
import type { DuckDBConnection } from "@duckdb/node-api";
import { literal } from "./views.ts";

/** What stands in front of a question whose plan is asked for. With ANALYZE, DuckDB runs the statement behind it, whatever that is. */
const EXPLAIN = /^\s*EXPLAIN\s+(?:ANALYZE\s+)?/i;
/** `query` and `json_execute_serialized_sql` take a text that is not seen here, so that they are not among these. */
const READING: ReadonlySet<string> = new Set([
  ...["range", "generate_series", "repeat", "unnest", "json_each", "json_tree", "glob"],
  ...["read_parquet", "parquet_scan", "parquet_schema"],
  ...["parquet_metadata", "parquet_file_metadata", "parquet_kv_metadata"],
]);

/** @param sql one statement @throws Error for what is no SELECT, and for one that calls a function which may write */
export async function checkReading(connection: DuckDBConnection, sql: string): Promise<void> {
  const question = sql.replace(EXPLAIN, "");
  const answer = await connection.runAndReadAll(`SELECT json_serialize_sql(${literal(question)})::VARCHAR`);
  const functions = new Set<unknown>();
  const parsed: unknown = JSON.parse(String(answer.getRows()[0]?.[0]), (_, value) => {
    if (value?.type === "TABLE_FUNCTION") functions.add(value.function?.function_name);
    return value;
  });
  if (!isSelect(parsed)) throw new Error("it is no SELECT");
  for (const name of functions) {
    if (READING.has(String(name).toLowerCase())) continue;
    throw new Error(`${name}() is none of the functions that only read: ${[...READING].join(", ")}`);
  }
}

function isSelect(parsed: unknown): boolean {
  return typeof parsed === "object" && parsed !== null && "error" in parsed && parsed.error === false;
}
