// Makes a directory of all tables of three hosts: packets and seconds of capture files, and made-up rows of the others.
import { hostInPath, RecordTable, TABLES } from "../../../dist/fleet/index.js";
import { exportTable } from "../../../dist/library/fleet.js";
import { randomNumbers } from "../../lib/parser-fuzz.mjs";

/** The host and its captures. The same packets reach two of them. */
const HOSTS = [
  { host: "web1", captures: ["syn-flood-ipv4", "mixture"] },
  { host: "7", captures: ["syn-flood-ipv4"] },
  { host: "a/b c", captures: ["syn-flood-ipv6", "scans", "fragments"] },
];
const CAPTURED = /** @type {const} */ (["packets", "seconds"]);
const ROWS = 3000;
/** 2026-11-28T23:30:00Z, so that the rows are of two days. */
const BEGIN = 1_795_908_600;

/** @param {string} to the directory */
export async function makeTables(to) {
  const random = randomNumbers(1);
  for (const { host, captures } of HOSTS) {
    const files = captures.map((name) => `fixtures/${name}.pcap`);
    for (const table of CAPTURED) await exportTable(files, { to, table, host });
    const { packets, seconds, ...others } = TABLES;
    for (const table of Object.values(others)) await makeUp(to, table, host, random);
  }
}

/** @param {string} to @param {import("../../../src/fleet/index.ts").Table} table @param {string} host @param {() => number} random */
async function makeUp(to, table, host, random) {
  const writer = await RecordTable.open(to, table, hostInPath(host));
  for (let row = 0; row < ROWS; row++) {
    const time = { seconds: BEGIN + row, nanoseconds: random() % 1_000_000_000 };
    const values = table.columns.map((column) => [column.name, column.name === "time" ? time : madeUp(column, random)]);
    await writer.add({ ...Object.fromEntries(values), time });
  }
  await writer.close();
}

/** @param {import("../../../src/fleet/index.ts").Column} column @param {() => number} random */
function madeUp({ name, type, nullable }, random) {
  if (nullable && random() % 4 === 0) return null;
  switch (type) {
    case "time":
      return { seconds: BEGIN + (random() % 100_000), nanoseconds: random() % 1_000_000_000 };
    case "address":
      return addressOf(random);
    case "text":
      return name === "kind" ? "src" : `${name} ${random() % 20} ä`;
    case "uint8":
      return random() % 256;
    case "uint16":
      return random() % 65_536;
    case "uint32":
      return random();
    case "int64":
      return random() * 256 + (random() % 256);
  }
}

/** An IPv4 or IPv6 address, of which some repeat. @param {() => number} random */
function addressOf(random) {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  if (random() % 2 === 0) view.setUint32(0, 0x20010db8);
  else view.setUint16(10, 0xffff);
  view.setUint32(12, random() % 2 === 0 ? random() : 0xc0000200 + (random() % 100));
  return bytes;
}
