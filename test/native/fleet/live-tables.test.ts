/** Tables that are written while a capture goes on, as DuckDB reads them. */
import { chmodSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { connectionRow, LiveTables, type TabledEvent } from "../../../src/fleet/index.ts";
import { lockFile } from "../../../src/native/file-lock.ts";
import { askDuckDb, filesOf } from "../../support/fleet.ts";
import { mountDisk } from "../../support/frozen-disk.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

/** Half a second before midnight. */
const BEFORE_MIDNIGHT = BigInt(Date.parse("2026-11-28T23:59:59.500Z")) * 1_000_000n;

const event: TabledEvent = {
  timestamp: BEFORE_MIDNIGHT,
  type: "close",
  reason: "fin",
  role: "client",
  localAddress: "2001:db8::7",
  localPort: 40_000,
  remoteAddress: "192.0.2.1",
  remotePort: 443,
  pid: null,
  uid: 33,
  comm: "curl",
  bytesSent: 1,
  bytesReceived: 2 ** 40,
  retransmits: 0,
  rttUs: null,
  durationNs: 5,
};

function tablesIn(directory: string, options: { keepSize?: number; waitingBytes?: number } = {}) {
  const warnings: string[] = [];
  const tables = new LiveTables({ directory, host: "web1", ...options, warn: (text) => warnings.push(text) });
  const add = (count: number, from = 0) => {
    for (let number = from; number < from + count; number++)
      tables.add("connections", connectionRow({ ...event, timestamp: BEFORE_MIDNIGHT + BigInt(number) * 1_000_000n }));
  };
  return { tables, warnings, add };
}

const namesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes(".parquet"))
    .map((name) => name.split("/").slice(1).join("/"))
    .sort();

test("rows are in the file of their day and minute, in groups, and a name that is taken is left to its file", async () => {
  const directory = temporaryDirectory();
  const { tables, warnings, add } = tablesIn(directory);
  const taken = join(directory, "table=connections/date=2026-11-28/host=web1");
  mkdirSync(taken, { recursive: true });
  const others = ["20261128T235959.500000000Z.parquet", "20261128T235959.500000000Z-1.parquet.partial"];
  for (const name of others) writeFileSync(join(taken, name), "");
  add(20_000);
  await tables.close();
  expect({ lost: tables.lost, warnings }).toEqual({ lost: 0, warnings: [] });
  for (const name of others) rmSync(join(taken, name));
  expect(namesIn(directory)).toEqual([
    "date=2026-11-28/host=web1/20261128T235959.500000000Z-1.parquet",
    "date=2026-11-29/host=web1/20261129T000000.000000000Z.parquet",
  ]);
  const rows = await askDuckDb(`SELECT date::VARCHAR AS day, count(*) AS counted, min(time)::VARCHAR AS first,
    min(hex(remote_address)) AS remote, max(hex(local_address)) AS local, count(pid) AS pids, max(bytes_received) AS received,
    count(DISTINCT time) AS times
    FROM ${filesOf(directory, "connections")} GROUP BY day ORDER BY day`);
  const same = { pids: 0n, received: 2n ** 40n };
  const addresses = { remote: "00000000000000000000FFFFC0000201", local: "20010DB8000000000000000000000007" };
  expect(rows).toEqual([
    { day: "2026-11-28", counted: 500n, times: 500n, first: "2026-11-28 23:59:59.5", ...addresses, ...same },
    { day: "2026-11-29", counted: 19_500n, times: 19_500n, first: "2026-11-29 00:00:00", ...addresses, ...same },
  ]);
});

test("a file of each minute is there two seconds behind it", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: Date.parse("2026-11-28T12:00:30Z") });
  onTestFinished(() => void vi.useRealTimers());
  const directory = temporaryDirectory();
  const { tables, add } = tablesIn(directory);
  tables.begin();
  let ended = 0;
  tables.beforeFiles = () => {
    ended++;
    add(1, 1);
  };
  add(1);
  vi.advanceTimersByTime(31_999);
  expect(ended).toBe(0);
  vi.advanceTimersByTime(1);
  expect(ended).toBe(1);
  vi.useRealTimers();
  await expect
    .poll(() => existsSync(join(directory, "table=connections")) && namesIn(directory))
    .toEqual(["date=2026-11-28/host=web1/20261128T235959.500000000Z.parquet"]);
  const [counted] = await askDuckDb(`SELECT count(*) AS rows FROM ${filesOf(directory, "connections")}`);
  expect(counted).toEqual({ rows: 2n });
  tables.beforeFiles = () => {};
  await tables.close();
});

test("what cannot be written is counted, told once, and does not keep later files from being written", async () => {
  const directory = join(temporaryDirectory(), "fleet");
  const { tables, warnings, add } = tablesIn(directory);
  add(17_000, 1000);
  await tables.close();
  add(3, 30_000);
  await tables.close();
  expect(tables.lost).toBe(17_003);
  expect(warnings).toEqual([expect.stringMatching(/^the tables have gaps: write .*: ENOENT/)]);
  mkdirSync(directory);
  add(5, 40_000);
  await tables.close();
  expect(tables.lost).toBe(17_003);
  const [counted] = await askDuckDb(`SELECT count(*) AS rows FROM ${filesOf(directory, "connections")}`);
  expect(counted).toEqual({ rows: 5n });
  // A link would lead to another place.
  const elsewhere = temporaryDirectory();
  rmSync(join(directory, "table=connections"), { recursive: true });
  symlinkSync(elsewhere, join(directory, "table=connections"));
  add(1, 50_000);
  await tables.close();
  expect(tables.lost).toBe(17_004);
  expect(readdirSync(elsewhere)).toEqual([]);
});

test("files are bounded while one is written, and partial ones of processes that are gone are removed", async () => {
  const directory = temporaryDirectory();
  const host = join(directory, "table=connections/date=2026-11-01/host=web1");
  mkdirSync(host, { recursive: true });
  const pathOf = (minute: number, end: string) => join(host, `20261101T10${minute}00.000000000Z.parquet${end}`);
  for (const minute of [10, 11, 12]) writeFileSync(pathOf(minute, ""), Buffer.alloc(1000));
  writeFileSync(pathOf(13, ".partial"), "");
  writeFileSync(pathOf(14, ".partial"), "");
  chmodSync(pathOf(14, ".partial"), 0o600);
  lockFile(openSync(pathOf(14, ".partial"), "r+"));
  const { tables, warnings, add } = tablesIn(directory, { keepSize: 3500 });
  tables.begin();
  add(1, 1000);
  await tables.close();
  await expect.poll(() => existsSync(pathOf(13, ".partial"))).toBe(false);
  expect(warnings).toEqual([]);
  const left = [11, 12, 14].map((minute) => existsSync(pathOf(minute, minute === 14 ? ".partial" : "")));
  expect(left).toEqual([false, true, true]);
  const [counted] = await askDuckDb(
    `SELECT count(*) AS rows FROM read_parquet('${directory}/table=connections/date=2026-11-29/*/*.parquet')`,
  );
  expect(counted).toEqual({ rows: 1n });
});

test("what waits for a disk that stands still is bounded, and rows are written when it goes on", async () => {
  const directory = temporaryDirectory();
  const { tables, warnings, add } = tablesIn(directory, { waitingBytes: 60_000 });
  // No turn of the event loop: nothing is written meanwhile.
  add(200_000, 1000);
  await tables.close();
  expect(warnings).toEqual(["the tables have gaps: the disk takes too long"]);
  expect(tables.lost).toBe(200_000);
  add(3, 300_000);
  await tables.close();
  expect(tables.lost).toBe(200_000);
  const [counted] = await askDuckDb(`SELECT count(*) AS rows FROM ${filesOf(directory, "connections")}`);
  expect(counted).toEqual({ rows: 3n });
  expect(namesIn(directory).filter((name) => name.endsWith(".partial"))).toEqual([]);
});

describeWith(
  [requirements.root, requirements.tools("fsfreeze", "mkfs.ext4", "mount", "truncate")],
  "a frozen disk",
  () => {
    test("has one thread of Node.js, whose others work on", async () => {
      const disk = mountDisk();
      const { tables, add } = tablesIn(disk.directory);
      disk.freeze();
      add(1, 1000);
      const time = { seconds: 60, nanoseconds: 0 };
      tables.add("seconds", { time, packets: 1 });
      tables.add("talkers", { time, kind: "src", packets: 1, bytes: 0, syns: 0, error: 0, standard_error: 0 });
      tables.add("incidents", { time, ended: time, incident: "x", rule: "1/s", packets: 1, bytes: 0, dropped: 0 });
      const closed = tables.close();
      // A thread that is asked for work takes it before another piece of work.
      await nextTurn();
      expect((await stat(tmpdir())).isDirectory()).toBe(true);
      expect(namesIn(disk.directory)).toEqual([]);
      disk.thaw();
      await closed;
      expect(tables.lost).toBe(0);
      expect(namesIn(disk.directory)).toHaveLength(4);
    });
  },
);
