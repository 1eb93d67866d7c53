/** Questions to tables: what the functions for addresses make, and what a question may not do. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { formatAnswer } from "../../../src/cli/answer-lines.ts";
import { sinceOf } from "../../../src/cli/since-option.ts";
import {
  type AnswerValue,
  duckDb,
  FleetDatabase,
  QUESTION_NAMES,
  type QuestionName,
  RecordTable,
  sqlOfQuestion,
  TABLES,
  type TableName,
} from "../../../src/fleet/index.ts";
import { fixtures } from "../../support/agreement.ts";
import { exportFiles } from "../../support/fleet.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

// A host that is not in UTC. DuckDB looks once in a process.
vi.hoisted(() => {
  process.env.TZ = "Asia/Tokyo";
});

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
  for (const wrong of ["1.2.3.0", "1.2.3.0/33", "1.2.3.0/", "::/129", "1.2.3.0/8/8"])
    await expect(ask(database, `SELECT in_net(ip('::'), '${wrong}')`), wrong).rejects.toThrow(
      `${wrong} is no network such as`,
    );
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

test("times are those of UTC in each zone of a host", async () => {
  const database = await open(await tables());
  const sql = "SELECT now()::timestamp, now(), current_date, timestamptz '2026-11-28 23:00:00.123456+00'";
  const [[now, withZone, date, fixed] = []] = await ask(database, sql);
  expect(Math.abs(Date.parse(String(now)) - Date.now())).toBeLessThan(3_600_000);
  expect(withZone).toBe(now);
  expect(date).toBe(String(now).slice(0, 10));
  expect(fixed).toBe("2026-11-28T23:00:00.123456Z");
});

type Values = Readonly<Record<string, unknown>>;

/** 2026-11-28T00:00:00Z, and its day after that. */
const [DAY, NEXT_DAY] = [1_795_824_000, 1_795_910_400];

/** Writes rows of one day. Their times are seconds since the epoch. */
async function rowsOf(directory: string, table: TableName, host: string, rows: readonly Values[]): Promise<void> {
  const writer = await RecordTable.open(directory, TABLES[table], host);
  for (const { time, ended, ...values } of rows) {
    const timed = { seconds: Number(time), nanoseconds: 0 };
    await writer.add({
      ...values,
      time: timed,
      ...(ended === undefined ? {} : { ended: { ...timed, seconds: Number(ended) } }),
    });
  }
  await writer.close();
}

async function answerOf(directory: string, question: QuestionName): Promise<AnswerValue[][]> {
  const database = await open(directory);
  return ask(database, sqlOfQuestion(question, database.tables));
}

const address = (last: number) => Uint8Array.from([...Array(10).fill(0), 255, 255, 192, 0, 2, last]);
const packet = (time: number, last: number) => ({
  ...{ time, length: 60, captured: 60, class: "syn", source: address(last), malformed: 0 },
});
const talker = (time: number, last: number, packets: number) => ({
  ...{ time, kind: "src", address: address(last), packets, bytes: 60 * packets, syns: 0, error: 0, standard_error: 0 },
});
const event = (time: number, kind: string, incident: string, packets: number) => ({
  ...{ time, event: kind, incident, id: `${time}${kind}`, packets, bytes: packets, dropped: 0, json: "{}" },
});

test("a host is in the answer from each table that has it, and a day of it from one table alone", async () => {
  const directory = temporaryDirectory();
  await rowsOf(directory, "packets", "a", [packet(DAY, 1), packet(DAY, 1), packet(DAY + 1, 2)]);
  await rowsOf(directory, "talkers", "a", [talker(DAY, 1, 100)]);
  await rowsOf(directory, "talkers", "a", [talker(NEXT_DAY, 1, 5)]);
  await rowsOf(directory, "talkers", "b", [talker(DAY, 3, 50), talker(DAY, 1, 10)]);
  const sources = (await answerOf(directory, "sources")).map((row) => row.slice(0, 4));
  expect(sources).toEqual([
    ["192.0.2.3", 50, 3000, 1],
    ["192.0.2.1", 17, 1020, 2],
    ["192.0.2.2", 1, 60, 1],
  ]);
  expect((await answerOf(directory, "spread")).map((row) => row.slice(0, 3))).toEqual([["192.0.2.1", 2, 17]]);

  await rowsOf(directory, "seconds", "c", [
    { time: DAY, packets: 0, bytes: 900, sampled: 0 },
    { time: DAY, class: "syn", packets: 9 },
    { time: DAY, class: "syn", packets: 8, bytes: 800 },
  ]);
  await rowsOf(directory, "events", "c", [event(DAY, "changed", "x", 1000)]);
  await rowsOf(directory, "events", "d", [event(DAY, "began", "y", 70), event(DAY + 1, "changed", "y", 30)]);
  expect(
    (await answerOf(directory, "hosts-hit")).map((row) => row.slice(0, 4)),
    "what is in both is counted once",
  ).toEqual([
    ["d", 30, 100, 100],
    ["c", 9, 9, 900],
    ["a", 2, 3, 180],
  ]);
  expect(
    (await answerOf(directory, "floods")).map((row) => row.slice(0, 4)),
    "no row has no packets",
  ).toEqual([
    ["c", "syn", 9, 9],
    ["a", "syn", 2, 3],
  ]);
});

test("an incident is one row of both tables, and is over where one of them says so", async () => {
  const directory = temporaryDirectory();
  const over = { time: DAY + 1, ended: DAY + 9, rule: "1/s", packets: 90, bytes: 0, dropped: 2 };
  await rowsOf(directory, "incidents", "a", [{ ...over, incident: "x" }]);
  await rowsOf(directory, "incidents", "b", [{ ...over, incident: "x" }]);
  await rowsOf(directory, "events", "a", [
    { ...event(DAY + 1, "began", "x", 10), rule: "1/s" },
    event(DAY + 2, "changed", "x", 40),
    { ...event(DAY + 3, "began", "y", 7), rule: "2/s" },
    event(DAY + 5, "began", "z", 1),
    event(DAY + 6, "ended", "z", 3),
  ]);
  const time = (second: number) => `2026-11-28T00:00:0${second}Z`;
  expect(await answerOf(directory, "incidents")).toEqual([
    ["a", "z", time(5), null, time(6), null, null, 3, 0],
    ["a", "y", time(3), null, null, "2/s", null, 7, 0],
    expect.arrayContaining(["x", time(1), time(9), 90, 2]),
    expect.arrayContaining(["x", time(1), time(9), 90, 2]),
  ]);
});

test("a ready question has 20 rows without a limit, and refuses one that is none", () => {
  expect(sqlOfQuestion("floods", ["seconds"], {})).toMatch(/LIMIT 20$/);
  for (const limit of [0, 1.5, Number.NaN])
    expect(() => sqlOfQuestion("floods", ["seconds"], { limit })).toThrow(expect.objectContaining({ code: "USAGE" }));
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

test("files that are no tables are left out and named, and change no answer about other hosts", async () => {
  const directory = await tables();
  const path = (host: string, date = "2024-01-01") => {
    const made = join(directory, `table=packets/date=${date}`, `host=${host}`);
    mkdirSync(made, { recursive: true });
    return made;
  };
  const question = "SELECT count(*), min(time), typeof(min(time)), count(DISTINCT host) FROM packets";
  const [inside = ""] = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) =>
    /^table=packets.*\.parquet$/.test(name),
  );
  const whole = readFileSync(join(directory, inside));
  const broken = Buffer.from(whole);
  broken.fill(255, whole.length - whole.readUInt32LE(whole.length - 8) - 8, whole.length - 8);
  const outside = temporaryDirectory();
  writeFileSync(join(outside, "x.parquet"), whole);
  writeFileSync(join(path("web1"), "x.parquet.partial"), "none");
  const before = await open(directory);
  expect(before.leftOut).toEqual([]);
  const answer = await ask(before, question);

  const wrong = path("wrong");
  writeFileSync(join(wrong, "empty.parquet"), "");
  writeFileSync(join(wrong, "cut.parquet"), whole.subarray(0, 2000));
  writeFileSync(join(wrong, "broken.parquet"), broken);
  writeFileSync(join(wrong, "star*.parquet"), whole);
  writeFileSync(Buffer.concat([Buffer.from(`${wrong}/`), Buffer.from([0xff]), Buffer.from(".parquet")]), whole);
  symlinkSync(join(outside, "x.parquet"), join(wrong, "link.parquet"));
  symlinkSync(outside, join(directory, "table=packets/date=2024-01-01/host=outside"));
  mkdirSync(join(wrong, "directory.parquet"));
  writeFileSync(join(path("x=y"), "x.parquet"), whole);
  writeFileSync(join(path("%FF"), "x.parquet"), whole);
  writeFileSync(join(path("a", "nonsense"), "x.parquet"), whole);
  writeFileSync(join(path("a", "2026-02-30"), "x.parquet"), whole);
  const instance = await duckDb().DuckDBInstance.create();
  const connection = await instance.connect();
  const copy = (select: string, name: string) =>
    connection.run(
      `COPY (SELECT ${select} FROM '${join(directory, inside)}') TO '${join(wrong, name)}' (FORMAT parquet)`,
    );
  await copy("* REPLACE ('soon' AS time)", "text.parquet");
  await copy("* REPLACE ({'a': 1} AS length)", "nested.parquet");
  await copy("* EXCLUDE (class)", "less.parquet");
  await copy("1 AS a", "foreign.parquet");
  connection.closeSync();
  instance.closeSync();

  const database = await open(directory);
  expect(await ask(database, question)).toEqual(answer);
  const named = database.leftOut.map(({ path, reason }) => `${path.split("date=")[1]}: ${reason}`).sort();
  const day = "2024-01-01/host=";
  expect(named).toEqual([
    `${day}%FF: it is no host=NAME as ringcap encodes it`,
    `${day}outside: it is a symbolic link`,
    expect.stringMatching(/wrong\/broken\.parquet: ./),
    expect.stringMatching(/wrong\/cut\.parquet: it is no whole Parquet file$/),
    expect.stringMatching(/wrong\/directory\.parquet: it is no regular file$/),
    expect.stringMatching(/wrong\/empty\.parquet: it is too short/),
    expect.stringMatching(/wrong\/foreign\.parquet: it has no column length$/),
    expect.stringMatching(/wrong\/less\.parquet: it has no column class$/),
    expect.stringMatching(/wrong\/link\.parquet: it is a symbolic link$/),
    expect.stringMatching(/wrong\/nested\.parquet: its column length has the type STRUCT/),
    expect.stringMatching(/wrong\/star\*\.parquet: its name/),
    expect.stringMatching(/wrong\/text\.parquet: its column time has the type VARCHAR in the place of TIMESTAMP_NS$/),
    expect.stringMatching(/wrong\/\uFFFD\.parquet: its name/),
    `${day}x=y: it is no host=NAME as ringcap encodes it`,
    "2026-02-30: it is no date=YYYY-MM-DD",
    "nonsense: it is no date=YYYY-MM-DD",
  ]);
});

test("a directory with nothing but files that are no tables is refused, and the first of them is named", async () => {
  const directory = temporaryDirectory();
  const path = join(directory, "table=packets/date=2024-01-01/host=web1");
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "x.parquet"), "");
  await expect(open(directory)).rejects.toMatchObject({
    code: "INPUT",
    message: expect.stringMatching(/it has no tables: .*host=web1\/x\.parquet is left out: it is too short/),
  });
});

test("rows that are longer together than a text can be are printed in pieces, and JSON loses no column", async () => {
  const row = ["x".repeat(1 << 20)];
  const rows = async function* () {
    yield Array.from({ length: 600 }, () => row);
  };
  let length = 0;
  for await (const piece of formatAnswer({ names: ["a"], rows: rows() }, { csv: true })) length += piece.length;
  expect(length).toBe("a\r\n".length + 600 * ((1 << 20) + 2));
  expect(() => formatAnswer({ names: ["a", "b", "a"], rows: rows() }, { json: true })).toThrow(
    expect.objectContaining({ code: "USAGE", hint: expect.stringMatching(/by AS/) }),
  );
});

test.each(["+010000-01-01T00:00:00Z", "1969-12-31", "2262-01-01", "soon"])("--since %s is refused", (text) => {
  expect(() => sinceOf(text)).toThrow(expect.objectContaining({ code: "USAGE" }));
});
