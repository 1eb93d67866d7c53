/** Questions to tables: what the functions for addresses make, and what a question may not do. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type AnswerValue, duckDb, FleetDatabase, QUESTION_NAMES, sqlOfQuestion } from "../../../src/fleet/index.ts";
import { fixtures } from "../../support/agreement.ts";
import { exportFiles } from "../../support/fleet.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

async function open(directory: string): Promise<FleetDatabase> {
  const database = await FleetDatabase.open(directory, duckDb());
  onTestFinished(() => database.close());
  return database;
}

async function ask(database: FleetDatabase, sql: string): Promise<AnswerValue[][]> {
  const { rows } = await database.ask(sql);
  const all: AnswerValue[][] = [];
  for await (const portion of rows) all.push(...portion.map((row) => [...row]));
  return all;
}

/** Tables of two hosts, in a directory whose name means something to SQL and to patterns. */
async function tables(name = "tables"): Promise<string> {
  const directory = join(temporaryDirectory(), name);
  mkdirSync(directory);
  await exportFiles([join(fixtures, "syn-flood-ipv4.pcap")], directory, "packets", "web1");
  await exportFiles([join(fixtures, "syn-flood-ipv4.pcap")], directory, "packets", "7");
  await exportFiles([join(fixtures, "syn-flood-ipv6.pcap")], directory, "seconds", "web1");
  return directory;
}

const ADDRESSES = [
  ["192.0.2.7", "192.0.2.7"],
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["::", "::"],
  ["::1", "::1"],
  ["2001:DB8::1", "2001:db8::1"],
  ["2001:db8:0:0:1:0:0:0", "2001:db8:0:0:1::"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
  ["fe80::10:0:f", "fe80::10:0:f"],
] as const;
const NETWORKS = [
  ["10.1.0.0", "10.1.0.0/16", true],
  ["10.1.255.255", "10.1.0.0/16", true],
  ["10.2.0.0", "10.1.0.0/16", false],
  ["10.0.255.255", "10.1.0.0/16", false],
  ["2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::/32", true],
  ["2001:db9::", "2001:db8::/32", false],
  ["::1", "0.0.0.0/0", false],
  ["9.9.9.9", "0.0.0.0/0", true],
  ["9.9.9.9", "9.9.9.9/32", true],
] as const;

test("functions make addresses of text, text of addresses, and know both ends of a network", async () => {
  const database = await open(await tables());
  const texts = ADDRESSES.map(([address]) => `ip_text(ip('${address}')), ip('${address}')`);
  expect(await ask(database, `SELECT ${texts.join(", ")}`)).toEqual([ADDRESSES.flatMap(([, text]) => [text, text])]);
  const nets = NETWORKS.map(([address, net]) => `in_net(ip('${address}'), '${net}')`);
  expect(await ask(database, `SELECT ${nets.join(", ")}`)).toEqual([NETWORKS.map(([, , isIn]) => isIn)]);
  for (const wrong of ["300.0.0.1", "web1", "1.2.3", "1:2", "::1::2", "::g", "1:2:3:4:5:6:7:8:9", ""]) {
    await expect(ask(database, `SELECT ip('${wrong}')`), wrong).rejects.toMatchObject({ code: "USAGE" });
  }
  const [plan = []] = await ask(database, "EXPLAIN SELECT count(*) FROM packets WHERE in_net(source, '10.1.0.0/16')");
  expect(String(plan.at(-1)), "the ends of a network are constants").not.toMatch(/ip\(|list_|array_/);
});

test("a directory with any name has its tables as views, a host of digits as text, and empty views of the others", async () => {
  const database = await open(await tables('it\'s [a] * ? "name"; --'));
  expect(database.tables).toEqual(["seconds", "packets"]);
  const [[packets, host] = []] = await ask(database, "SELECT count(*), min(host) FROM packets");
  expect(packets).toBeGreaterThan(0);
  expect(host).toBe("7");
  expect(
    await ask(database, "SELECT count(*) FROM connections WHERE remote_address = ip('::1') AND date > '2020-01-01'"),
  ).toEqual([[0]]);
});

test("each ready question is answered, and those over many hosts by both of them", async () => {
  const database = await open(await tables());
  for (const question of QUESTION_NAMES.filter((name) => name !== "incidents")) {
    const sql = sqlOfQuestion(question, database.tables, { limit: 5, since: 0 });
    const rows = await ask(database, sql);
    expect(rows.length, question).toBeGreaterThan(0);
    expect(rows.length, question).toBeLessThanOrEqual(5);
  }
  const [[address, hosts] = []] = await ask(database, sqlOfQuestion("spread", database.tables, { limit: 1 }));
  expect({ address, hosts }).toEqual({ address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/), hosts: 2 });
  for (const [question, table] of [
    ["incidents", "events"],
    ["incidents", "incidents"],
    ["hosts-hit", "events"],
  ] as const)
    expect(await ask(database, sqlOfQuestion(question, [table], { limit: 5, since: 0 })), table).toEqual([]);
  const heaviest = await ask(database, sqlOfQuestion("sources", database.tables, { limit: 5 }));
  const counted = "SELECT source, count(*), sum(length), 2 FROM packets GROUP BY source ORDER BY 2 DESC LIMIT 5";
  const packetsBytesAndHosts = (rows: AnswerValue[][]) => rows.map((row) => row.slice(1, 4).join()).sort();
  expect(packetsBytesAndHosts(heaviest)).toEqual(packetsBytesAndHosts(await ask(database, counted)));
  const late = sqlOfQuestion("sources", database.tables, { limit: 5, since: Date.parse("2100-01-01") });
  expect(await ask(database, late)).toEqual([]);
  expect(() => sqlOfQuestion("why", database.tables, { limit: 1 })).toThrow(expect.objectContaining({ code: "USAGE" }));
  expect(() => sqlOfQuestion("hosts-hit", ["talkers"], { limit: 1 })).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/seconds or packets/), hint: expect.any(String) }),
  );
});

test("a question reads the directory and nothing else, and writes nothing", async () => {
  const directory = await tables();
  const outside = join(directory, "..", "outside.parquet");
  const [inside = ""] = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".parquet"),
  );
  writeFileSync(outside, readFileSync(join(directory, inside)));
  const before = readdirSync(directory, { recursive: true }).length;
  const database = await open(directory);
  const reading = "SELECT count(*) FROM packets, range(2), unnest([1, 2])";
  const [[times] = []] = await ask(database, reading);
  expect(await ask(database, "SELECT 4 * count(*) FROM packets")).toEqual([[times]]);
  for (const explain of ["EXPLAIN", "explain\nANALYZE"])
    expect(await ask(database, `${explain} ${reading}`)).toHaveLength(1);
  const made = join(directory, "made.parquet");
  for (const sql of [
    `COPY (SELECT 1) TO '${made}'`,
    `COPY (SELECT 1) TO '${outside}'`,
    ...["EXPLAIN ANALYZE", "EXPLAIN (ANALYZE)", "EXPLAIN/**/ANALYZE", "/**/EXPLAIN ANALYZE"].flatMap((explain) => [
      `${explain} COPY (SELECT 1) TO '${made}' (FORMAT csv)`,
      `${explain} CREATE TABLE made AS SELECT 1`,
    ]),
    `SELECT * FROM enable_logging(storage = 'file', storage_path = '${made}')`,
    `WITH x AS (FROM system.main."Enable_Logging"(storage = 'file', storage_path = '${made}')) SELECT (SELECT count(*) FROM x)`,
    `FROM enable_profiling(format = 'json', save_location = '${join(directory, "made.json")}')`,
    `EXPLAIN ANALYZE SELECT * FROM enable_logging(storage = 'file', storage_path = '${made}')`,
    `SELECT * FROM query('SELECT 1')`,
    "SET enable_external_access = true",
    `ATTACH '${join(directory, "made.db")}'`,
    "CREATE TABLE made AS SELECT 1",
    "DROP VIEW packets",
    "INSTALL httpfs",
    "SELECT 1; SELECT 2",
    "",
    `SELECT * FROM read_parquet('${outside}')`,
    `SELECT * FROM read_parquet('${directory}/../outside.parquet')`,
    "SELECT * FROM read_text('/etc/passwd')",
    `SELECT * FROM read_text('${directory}/../../../../etc/passwd')`,
    "SELECT * FROM glob('/etc/*')",
    "SELECT no FROM packets",
  ]) {
    await expect(ask(database, sql), sql).rejects.toMatchObject({ name: "RingcapError", hint: expect.any(String) });
  }
  expect(existsSync(made)).toBe(false);
  expect(readdirSync(directory, { recursive: true }).length).toBe(before);
});

test.each(["nothing", "empty", "file"])("a directory that is %s is refused", async (name) => {
  const directory = join(temporaryDirectory(), name);
  if (name === "empty") mkdirSync(join(directory, "table=packets/date=2026-11-28/host=a"), { recursive: true });
  if (name === "file") writeFileSync(directory, "");
  await expect(open(directory)).rejects.toMatchObject({ code: "INPUT", hint: expect.stringMatching(/^name the/) });
});

test("a file that is no Parquet fails the question, and a partial one is passed over", async () => {
  const directory = await tables();
  const path = join(directory, "table=packets/date=2024-01-01/host=web1");
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "x.parquet.partial"), "none");
  await ask(await open(directory), "SELECT count(*) FROM packets");
  renameSync(join(path, "x.parquet.partial"), join(path, "x.parquet"));
  await expect(open(directory)).rejects.toMatchObject({
    code: "INPUT",
    message: expect.stringMatching(/^read .*host=web1\/x\.parquet' too small to be a Parquet file$/),
    hint: expect.stringMatching(/move it to another directory/),
  });
  renameSync(join(path, "x.parquet"), join(directory, "x.parquet"));
  const database = await open(directory);
  await ask(database, "DESCRIBE packets");
  expect(await ask(database, "SHOW TABLES")).toContainEqual(["packets"]);
});
