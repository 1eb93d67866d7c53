// Asks ClickHouse. It runs in the folder in which chdb is installed: `node ask.mjs` reads a JSON list of statements on standard
// input, and prints a JSON list of the rows of each.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const { Session } = createRequire(resolve("package.json"))("chdb");
const session = new Session();
/** @param {string} sql @returns {unknown[][]} */
const rowsOf = (sql) => {
  /** @type {string[]} */
  const lines = session.query(sql, "JSONCompactEachRow").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
};
const answers = JSON.parse(readFileSync(0, "utf8")).map(rowsOf);
session.cleanup();
writeFileSync(1, JSON.stringify(answers));
