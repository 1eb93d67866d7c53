/** The packets table, of which tshark and DuckDB say the same. */
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FleetDirectory, TABLES } from "../../../src/fleet/index.ts";
import { PrivilegePlan } from "../../../src/host/index.ts";
import { fixtures } from "../../support/agreement.ts";
import { askDuckDb, exportFiles, filesOf } from "../../support/fleet.ts";
import { writePcap } from "../../support/pcap-fixture.ts";
import { describeWith, requirements } from "../../support/privileges.ts";
import { temporaryDirectory } from "../../support/temporary.ts";
import { tsharkFields } from "../../support/tshark-fields.ts";

/** A column, and the fields of tshark of which one has it. */
const COLUMNS = {
  length: ["frame.len"],
  captured: ["frame.cap_len"],
  source: ["ip.src", "ipv6.src"],
  destination: ["ip.dst", "ipv6.dst"],
  protocol: ["ip.proto"],
  ttl: ["ip.ttl", "ipv6.hlim"],
  ip_id: ["ip.id"],
  source_port: ["tcp.srcport", "udp.srcport"],
  destination_port: ["tcp.dstport", "udp.dstport"],
  tcp_flags: ["tcp.flags"],
  tcp_sequence: ["tcp.seq_raw"],
  tcp_acknowledgement: ["tcp.ack_raw"],
  tcp_window: ["tcp.window_size_value"],
  icmp_type: ["icmp.type", "icmpv6.type"],
} as const;
const FIELDS = ["frame.time_epoch", ...Object.values(COLUMNS).flat()] as const;
const MAPPED = /^00000000000000000000ffff/;

/** An address as hexadecimal digits, by the parser of URLs. */
function hexadecimal(address: string): string {
  if (!address.includes(":")) {
    const bytes = address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
    return `00000000000000000000ffff${bytes.join("")}`;
  }
  const [left = "", right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const words = (side: string) => (side === "" ? [] : side.split(":").map((word) => word.padStart(4, "0")));
  const [head, tail] = [words(left), words(right ?? "")];
  return [...head, ...Array<string>(8 - head.length - tail.length).fill("0000"), ...tail].join("");
}

function expectedOf(fields: Readonly<Record<string, string>>): Record<string, unknown> {
  const entries = Object.entries(COLUMNS).map(([column, names]) => {
    const text = names.map((name) => fields[name] ?? "").find((value) => value !== "");
    if (text === undefined) return [column, null];
    return [column, column === "source" || column === "destination" ? hexadecimal(text) : Number(text)];
  });
  const [seconds = "0", fraction = "0"] = (fields["frame.time_epoch"] ?? "").split(".");
  return { ...Object.fromEntries(entries), time: BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0")) };
}

describeWith([requirements.tools("tshark")], "the packets table", () => {
  test.each(["syn-flood-ipv4.pcap", "syn-flood-ipv6.pcap", "handshakes.pcap", "scans.pcap", "nanoseconds.pcap"])(
    "of %s has what tshark reads",
    async (name) => {
      const path = join(fixtures, name);
      const directory = temporaryDirectory();
      const expected = (await tsharkFields(path, FIELDS)).map(expectedOf);
      const { rows, faults } = await exportFiles([path], directory);
      expect({ rows, faults }).toEqual({ rows: expected.length, faults: [] });
      const columns = Object.keys(COLUMNS).map((column) =>
        column === "source" || column === "destination" ? `lower(hex(${column})) AS ${column}` : column,
      );
      const read = await askDuckDb(
        `SELECT epoch_ns(time) AS time, ${columns.join(", ")} FROM ${filesOf(directory, "packets").slice(0, -1)},
         file_row_number = true, filename = true) ORDER BY filename, file_row_number`,
      );
      const isIpv6 = (row: Readonly<Record<string, unknown>>) => !MAPPED.test(String(row.source ?? "00"));
      // tshark has a field of the next header of IPv6 for each header of the chain.
      const own = (row: Readonly<Record<string, unknown>>) => (isIpv6(row) ? { ...row, protocol: null } : row);
      expect(read.map(own)).toEqual(expected.map(own));
    },
  );
});

test("the files are whole, private, in their place, and have the columns of the contract", async () => {
  const directory = temporaryDirectory();
  const [first, second] = [join(directory, "a.pcap"), join(directory, "b.pcap")];
  const frame = new Uint8Array(60);
  const midnight = 1_764_028_800;
  const at = (second: number) => ({ data: frame, timestamp: BigInt(second) * 1_000_000_000n });
  writePcap(first, [at(midnight - 1), at(midnight)]);
  writePcap(second, [at(midnight + 1)]);
  const tables = join(directory, "tables");
  new FleetDirectory(tables, "--to");
  const { files, rows } = await exportFiles([second, first], tables, "packets", "a/b c");
  expect({ files, rows }).toEqual({ files: 2, rows: 3 });
  const paths = readdirSync(tables, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith("Z.parquet"));
  expect(paths.sort()).toEqual([
    "table=packets/date=2025-11-24/host=a%2Fb%20c/20251124T235959.000000000Z.parquet",
    "table=packets/date=2025-11-25/host=a%2Fb%20c/20251125T000000.000000000Z.parquet",
  ]);
  for (const path of paths) expect(statSync(join(tables, path)).mode & 0o7777).toBe(0o600);
  expect(statSync(join(tables, "table=packets")).mode & 0o7777).toBe(0o700);
  const partitions = await askDuckDb(
    `SELECT DISTINCT host, "date"::VARCHAR AS "date" FROM ${filesOf(tables, "packets")} ORDER BY 2`,
  );
  expect(partitions).toEqual([
    { host: "a/b c", date: "2025-11-24" },
    { host: "a/b c", date: "2025-11-25" },
  ]);
  const columns = await askDuckDb(
    `SELECT column_name AS name FROM (DESCRIBE SELECT * FROM ${filesOf(tables, "packets")})`,
  );
  const names = TABLES.packets.columns.map(({ name }) => name);
  expect(columns.map(({ name }) => name)).toEqual([...names, "date", "host", "table"]);
  await expect(exportFiles([second, first], tables, "packets", "a/b c")).rejects.toMatchObject({ code: "OUTPUT" });
  const others = new FleetDirectory(join(directory, "others"), "--to");
  await exportFiles([second, first], others.path, "packets", "a/b c");
  expect(() => new FleetDirectory(first, "--to")).toThrow(expect.objectContaining({ code: "USAGE" }));
  const owned = new FleetDirectory(tables, "--to");
  expect(owned.owner.user).toBe(process.geteuid?.());
  chmodSync(tables, 0o555);
  const plan = (user?: string) => new PrivilegePlan(user, owned.owner).writer;
  expect(() => owned.giveTo(plan())).toThrow(expect.objectContaining({ code: "OUTPUT" }));
  expect(() => owned.giveTo(plan("none"))).not.toThrow();
  chmodSync(tables, 0o700);
  expect(() => owned.giveTo(plan())).not.toThrow();
});

test("a directory in which anybody may rename everything is no place for tables, and a link among them leads nowhere", async () => {
  const directory = temporaryDirectory();
  const [open, tables] = [join(directory, "open"), join(directory, "tables")];
  const elsewhere = join(directory, "elsewhere");
  for (const path of [open, tables, elsewhere]) mkdirSync(path);
  chmodSync(open, 0o777);
  const refused = expect.objectContaining({ code: "OUTPUT", message: expect.stringContaining("anybody may rename") });
  expect(() => new FleetDirectory(join(open, "tables"), "--to")).toThrow(refused);
  expect(readdirSync(open)).toEqual([]);
  chmodSync(open, 0o1777);
  new FleetDirectory(open, "--to").abandon();
  symlinkSync(elsewhere, join(tables, "table=packets"));
  const capture = join(directory, "a.pcap");
  writePcap(capture, [{ data: new Uint8Array(60), timestamp: 1_764_028_800_000_000_000n }]);
  await expect(exportFiles([capture], tables, "packets", "web1")).rejects.toMatchObject({ code: "OUTPUT" });
  expect(readdirSync(elsewhere)).toEqual([]);
});

describeWith(requirements.root, "tables of a process that keeps its rights", () => {
  test("are in no directory that is in the hands of another user", () => {
    const parent = temporaryDirectory();
    const path = join(parent, "tables");
    const tables = new FleetDirectory(path, "--parquet");
    tables.refuseForeign();
    for (const place of [path, parent]) {
      chownSync(place, 12_345, 12_345);
      const words = `${place === path ? "it" : place} belongs to another user (uid 12345)`;
      const refused = expect.objectContaining({ code: "OUTPUT", message: expect.stringContaining(words) });
      expect(() => tables.refuseForeign()).toThrow(refused);
      chownSync(place, 0, 0);
    }
  });
});

test("a table of many row groups says of each what is in it", async () => {
  const directory = temporaryDirectory();
  const path = join(directory, "a.pcap");
  const frames = Array.from({ length: 5000 }, (_, index) => ({ data: frameFrom(START + index) }));
  writePcap(path, frames);
  const { rows } = await exportFiles([path], directory, "packets", "web1", 2048);
  expect(rows).toBe(frames.length);
  const [sums] = await askDuckDb(
    `SELECT count(*) AS packets, sum(length) AS bytes, count(DISTINCT source) AS sources, sum(source_port::INT) AS ports,
       sum(tcp_sequence::BIGINT) AS sequences, max(hex(source)) AS last FROM ${filesOf(directory, "packets")}`,
  );
  const numbers = frames.map((_, index) => START + index);
  const sumOf = (of: (number: number) => number) => BigInt(numbers.reduce((sum, number) => sum + of(number), 0));
  expect(sums).toMatchObject({
    packets: 5000n,
    bytes: BigInt(54 * frames.length),
    sources: 5000n,
    ports: sumOf(portOf),
    sequences: sumOf(sequenceOf),
    last: `00000000000000000000FFFF0A${(START + 4999).toString(16).toUpperCase().padStart(6, "0")}`,
  });
  const groups = await askDuckDb(
    `SELECT row_group_num_rows AS rows, stats_min_value AS least, stats_max_value AS greatest
     FROM parquet_metadata('${directory}/table=packets/*/*/*.parquet') WHERE path_in_schema = 'source_port' ORDER BY row_group_id`,
  );
  expect(groups).toMatchObject([
    { rows: 2048n, least: "0", greatest: "65535" },
    { rows: 2048n, least: String(portOf(START + 2048)), greatest: String(portOf(START + 4095)) },
    { rows: 904n, least: String(portOf(START + 4096)), greatest: String(portOf(START + 4999)) },
  ]);
});

/** The number of the first frame, whose ports run from the last one to the first one within the first row group. */
const START = 65_000;
const portOf = (number: number) => number & 0xffff;
const sequenceOf = (number: number) => (number * 40_503) % 2 ** 32;

/** A SYN from 10.0.0.0/8, of which everything follows from its number. */
function frameFrom(index: number): Uint8Array {
  const frame = Buffer.alloc(54);
  frame.writeUInt16BE(0x0800, 12);
  frame.set([0x45, 0, 0, 40], 14);
  frame.set([64, 6], 22);
  frame.writeUInt32BE(0x0a00_0000 + index, 26);
  frame.writeUInt32BE(0xc000_0201, 30);
  frame.writeUInt16BE(portOf(index), 34);
  frame.writeUInt16BE(80, 36);
  frame.writeUInt32BE(sequenceOf(index), 38);
  frame.set([0x50, 2], 46);
  return frame;
}
