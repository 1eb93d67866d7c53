/** DuckDB, which answers the questions. */
import { optionalLibrary } from "../optional-library.ts";

export type DuckDb = typeof import("@duckdb/node-api");

/** @throws RingcapError INSTALLATION where it is not installed */
export function duckDb(): DuckDb {
  const [library] = optionalLibrary(["@duckdb/node-api"], "ask a question");
  return library as DuckDb;
}
