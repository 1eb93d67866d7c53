// What both databases are asked: sums of all columns, the ready questions, and the functions for addresses.
import { QUESTION_NAMES, sqlOfQuestion, TABLES } from "../../../dist/fleet/index.js";

/** More than any question has rows, so that the order of rows with equal sums is no difference. */
const LIMIT = 100_000;
const SINCE = [undefined, Date.parse("2026-11-29T00:00:00Z")];
const ADDRESSES = ["192.0.2.7", "0.0.0.0", "255.255.255.255", "::", "2001:db8::1", "2001:db8:0:0:1::", "fe80::10:0:f"];
const NETWORKS = ["192.0.2.0/24", "192.0.2.7/32", "0.0.0.0/0", "2001:db8::/32", "::/0"];
const COLUMNS_OF_ADDRESSES = { packets: "source", connections: "remote_address", talkers: "address" };

/** @returns {string[]} */
export function questions() {
  return [...Object.values(TABLES).map(sumsOf), ...readyQuestions(), ...addressQuestions()];
}

/** Of each host and day: how many values each column has, and their sum or how many are different, the least and the greatest. @param {import("../../../src/fleet/index.ts").Table} table */
function sumsOf({ name, columns }) {
  const numbers = columns.flatMap(({ name: column, type }) => {
    const values = type === "address" ? `hex(${column})` : column;
    const isNumber = type !== "address" && type !== "text" && type !== "time";
    const aggregate = isNumber ? `sum(${column})` : `count(DISTINCT ${column})`;
    return [`count(${column})`, aggregate, `min(${values})`, `max(${values})`];
  });
  return `SELECT host, date, count(*), ${numbers.join(", ")} FROM ${name} GROUP BY host, date`;
}

/** Each question to each table that answers it, and to all of them together. */
function readyQuestions() {
  const names = Object.values(TABLES).map(({ name }) => name);
  return QUESTION_NAMES.flatMap((question) =>
    [...names.map((name) => [name]), names].flatMap((tables) =>
      SINCE.flatMap((since) => sqlFor(question, tables, since)),
    ),
  );
}

/** @param {string} question @param {import("../../../src/fleet/index.ts").TableName[]} tables @param {number | undefined} since */
function sqlFor(question, tables, since) {
  try {
    return [sqlOfQuestion(question, tables, { limit: LIMIT, since })];
  } catch {
    return [];
  }
}

function addressQuestions() {
  const texts = ADDRESSES.map((address) => `ip_text(ip('${address}')), hex(ip('${address}'))`);
  const nets = NETWORKS.flatMap((net) =>
    ADDRESSES.map((address) => `CAST(in_net(ip('${address}'), '${net}') AS INTEGER)`),
  );
  const counts = Object.entries(COLUMNS_OF_ADDRESSES).flatMap(([table, column]) =>
    NETWORKS.map(
      (net) =>
        `SELECT host, count(*), min(ip_text(${column})) FROM ${table} WHERE in_net(${column}, '${net}') GROUP BY host`,
    ),
  );
  return [`SELECT ${[...texts, ...nets].join(", ")}`, ...counts];
}
