// ClickHouse and DuckDB give the same answers of the same tables. ClickHouse is the package chdb, of 540 MB, which is installed for
// this check alone. Its functions and views are those that docs/fleet.md tells users to make.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { cache } from "../lib/cache.mjs";

const PACKAGE = "chdb@3.4.0";
const DIRECTORY_OF_PAGE = "/srv/fleet";
/** Rows whose values were compared, of all questions so far. */
const COMPARED = "SELECT sum(value) FROM system.events WHERE event = 'ParquetRowsFilterExpression'";
/** @param {import("./index.mjs").Given} given @returns {Promise<string>} */
export async function checkClickHouse({ folder }) {
  const [{ makeTables }, { questions }] = await Promise.all([
    import("./clickhouse/tables.mjs"),
    import("./clickhouse/questions.mjs"),
  ]);
  const project = mkdtempSync(join(folder, "clickhouse-"));
  const directory = join(project, "tables");
  await makeTables(directory);
  const asked = questions();
  const expected = await askDuckDb(directory, asked);

  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  const words = ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", "--cache", join(cache, "npm")];
  execFileSync("npm", [...words, PACKAGE], { cwd: project, stdio: ["ignore", "ignore", "pipe"] });
  // An address that no row has, between the least and the greatest one.
  const absent = `SELECT sum(bytes_sent) FROM connections WHERE remote_address = ip('2001:db8::7fff:1234')`;
  const withoutFilters = `${absent} SETTINGS input_format_parquet_bloom_filter_push_down = 0`;
  const pruning = [COMPARED, withoutFilters, COMPARED, absent, COMPARED];
  const prepared = await statementsOfPage(directory);
  const answers = askClickHouse(project, [...prepared, ...asked.map(asText), ...pruning]).slice(prepared.length);
  for (const [index, sql] of asked.entries()) {
    const [one, other] = [comparable(expected[index]), comparable(answers[index])];
    if (isDeepStrictEqual(one, other)) continue;
    const at = one.findIndex((row, place) => row !== other[place]);
    throw new Error(`${sql}\nDuckDB, ${one.length} rows: ${one[at]}\nClickHouse, ${other.length} rows: ${other[at]}`);
  }
  const numbers = answers.slice(asked.length).map(([row]) => Number(row?.[0]));
  const [before = 0, found, without = 0, foundEither, after = 0] = numbers;
  if (found !== 0 || foundEither !== 0 || without === before || after !== without)
    throw new Error(
      `an address that is nowhere: compared with ${without - before} rows, with Bloom filters ${after - without}`,
    );
  const rows = expected.reduce((sum, { length }) => sum + length, 0);
  return `${PACKAGE}: ${asked.length} questions with ${rows} rows; Bloom filters spared all ${without - before} rows an address that is nowhere`;
}

/** @param {string} directory @param {string[]} asked @returns {Promise<(readonly unknown[])[][]>} */
async function askDuckDb(directory, asked) {
  const { openTables } = await import("../../dist/library/fleet.js");
  const tables = await openTables(directory);
  const answers = [];
  for (const sql of asked) {
    const all = [];
    for await (const portion of (await tables.ask(sql)).rows) all.push(...portion);
    answers.push(all);
  }
  tables.close();
  return answers;
}

/** @param {string} project in which it is installed @param {string[]} statements @returns {(readonly unknown[])[][]} */
function askClickHouse(project, statements) {
  const words = ["--no-warnings", resolve("scripts/package/clickhouse/ask.mjs")];
  const options = { cwd: project, input: JSON.stringify(statements), encoding: /** @type {const} */ ("utf8") };
  return JSON.parse(execFileSync(process.execPath, words, { ...options, maxBuffer: 1 << 28 }));
}

/** JSON has no bytes: an address that is a column of the answer is asked for as text. @param {string} sql */
function asText(sql) {
  return /^SELECT address,/.test(sql) ? `SELECT * REPLACE (ip_text(address) AS address) FROM (${sql})` : sql;
}

/** What docs/fleet.md tells users of ClickHouse to say, of each table. @param {string} directory @returns {Promise<string[]>} */
async function statementsOfPage(directory) {
  const { TABLES } = await import("../../dist/library/fleet.js");
  const [, sql] = /### ClickHouse\n[^#]*?```sql\n([^`]*)```/.exec(readFileSync("docs/fleet.md", "utf8")) ?? [];
  if (sql === undefined) throw new Error("docs/fleet.md says nothing of ClickHouse in SQL");
  const statements = sql
    .replaceAll(DIRECTORY_OF_PAGE, directory)
    .split(/;\n/)
    .filter((text) => text.trim() !== "");
  const views = statements.filter((text) => text.includes("CREATE VIEW"));
  const ofEach = Object.keys(TABLES).flatMap((table) => views.map((text) => text.replaceAll("packets", table)));
  const functions = statements.filter((text) => !views.includes(text));
  return ["CREATE DATABASE fleet", "USE fleet", ...functions, ...ofEach];
}

/** Rows in one order, with values as text: times with or without T, Z and zeros at the end, and addresses as 16 bytes or text. */
function comparable(rows = /** @type {(readonly unknown[])[]} */ ([])) {
  const text = (/** @type {unknown} */ value) =>
    String(value).replace(
      /^(\d{4}-\d\d-\d\d)[T ]([\d:]{8})(\.\d+)?Z?$/,
      (_, day, time, fraction = "") => `${day} ${time}${fraction.replace(/\.?0+$/, "")}`,
    );
  return rows.map((row) => row.map(text).join(" | ")).sort();
}
