/** A directory of tables as a database that can be asked, and that neither writes nor reads anything else. */
import { resolve } from "node:path";
import type { DuckDBConnection, DuckDBInstance, DuckDBResult } from "@duckdb/node-api";
import { RingcapError, reasonOf, reasonWithoutPath } from "../../errors.ts";
import { TABLE_NAMES, type TableName } from "../contract/table.ts";
import type { Answer, AnswerValue, FleetTables, LeftOut } from "./answer.ts";
import { answerValueOf } from "./answer-value.ts";
import { checkReading } from "./check-reading.ts";
import type { DuckDb } from "./library.ts";
import { MACROS } from "./macros.ts";
import { tableFilesIn } from "./table-files.ts";
import { globOf, literal, makeView } from "./views.ts";

/** Extensions would be fetched from the Internet. What does not fit into memory would go to a file in the current directory. */
const CONFIGURATION = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
  temp_directory: "",
};

export class FleetDatabase implements FleetTables {
  readonly #library: DuckDb;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly tables: TableName[] = [];
  readonly leftOut: LeftOut[];

  private constructor(
    library: DuckDb,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    leftOut: readonly LeftOut[],
  ) {
    this.#library = library;
    this.#instance = instance;
    this.#connection = connection;
    this.leftOut = [...leftOut];
  }

  /** @param library as duckDb() loads it @throws RingcapError INPUT for a directory without tables */
  static async open(directory: string, library: DuckDb): Promise<FleetDatabase> {
    const { files, leftOut } = filesIn(directory);
    const instance = await library.DuckDBInstance.create(":memory:", CONFIGURATION);
    const connection = await instance.connect();
    const database = new FleetDatabase(library, instance, connection, leftOut);
    try {
      for (const macro of MACROS) await connection.run(macro);
      for (const name of TABLE_NAMES) {
        const view = await makeView(connection, name, files.get(name) ?? []);
        if (view.taken.length > 0) database.tables.push(name);
        database.leftOut.push(...view.leftOut);
      }
      if (database.tables.length === 0) throw noTablesError(directory, reasonOfNone(database.leftOut));
      await connection.run(`SET allowed_directories = [${allowedDirectories(directory).map(literal).join(", ")}]`);
      await connection.run("SET enable_external_access = false");
      // Columns are in UTC and say no zone, so that now() and current_date have to be as well.
      await connection.run("SET TimeZone = 'UTC'");
      await connection.run("SET lock_configuration = true");
    } catch (error) {
      database.close();
      throw queryError(error, "INPUT");
    }
    return database;
  }

  async ask(sql: string): Promise<Answer> {
    try {
      const statements = await this.#connection.extractStatements(sql);
      if (statements.count !== 1) throw new Error("it is not one statement");
      const statement = await statements.prepare(0);
      await checkReading(this.#connection, sql);
      const { SELECT, EXPLAIN } = this.#library.StatementType;
      if (![SELECT, EXPLAIN].includes(statement.statementType)) throw new Error("it is no SELECT");
      const result = await statement.stream();
      return { names: result.columnNames(), rows: rowsOf(result) };
    } catch (error) {
      throw queryError(error, "USAGE");
    }
  }

  interrupt(): void {
    this.#connection.interrupt();
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/** DuckDB compares the beginning of paths, and that of the patterns of the views, too. */
function allowedDirectories(directory: string): string[] {
  const path = resolve(directory);
  return [...new Set([`${path}/`, `${globOf(path)}/`])];
}

async function* rowsOf(result: DuckDBResult): AsyncGenerator<AnswerValue[][], void, void> {
  try {
    for await (const rows of result.yieldRows()) yield rows.map((row) => row.map(answerValueOf));
  } catch (error) {
    throw queryError(error, "INPUT");
  }
}

function filesIn(directory: string) {
  try {
    return tableFilesIn(directory);
  } catch (cause) {
    throw noTablesError(directory, reasonWithoutPath(cause), cause);
  }
}

function reasonOfNone([first]: readonly LeftOut[]): string {
  return first === undefined ? "it has no tables" : `it has no tables: ${first.path} is left out: ${first.reason}`;
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

function queryError(error: unknown, code: "INPUT" | "USAGE"): RingcapError {
  if (error instanceof RingcapError) return error;
  const operation = "ask";
  const hint =
    code === "USAGE"
      ? "type one SELECT: SHOW TABLES lists the tables, and DESCRIBE packets the columns of one"
      : "move a file that cannot be read to another directory; ask for less where memory ends: fewer days by `date`, or a LIMIT";
  return new RingcapError(`${operation}: ${reasonOf(error).trim()}`, { code, operation, hint, cause: error });
}
