/** The tables of seconds and of connections. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { EVENTS } from "../../../src/fleet/contract/events.ts";
import { TableFiles } from "../../../src/fleet/export/table-files.ts";
import { exportConnections } from "../../../src/fleet/index.ts";
import { RecordRows } from "../../../src/fleet/parquet/record-rows.ts";
import { OpenedFile } from "../../../src/report/index.ts";
import { fixtures } from "../../support/agreement.ts";
import { askDuckDb, exportFiles, filesOf, never } from "../../support/fleet.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

test("seconds have the sums of the packets of each second and class, in order of time", async () => {
  const directory = temporaryDirectory();
  const paths = ["mixture.pcap", "scans.pcap", "syn-flood-ipv4.pcap"].map((name) => join(fixtures, name));
  await exportFiles(paths, directory, "packets");
  await exportFiles(paths, directory, "seconds");
  const columns = "sum(packets)::BIGINT AS packets, sum(bytes)::BIGINT AS bytes";
  const counted = await askDuckDb(
    `SELECT epoch_ns(time) AS time, class, ${columns} FROM ${filesOf(directory, "seconds")} GROUP BY ALL ORDER BY 1, 2`,
  );
  const expected = await askDuckDb(
    `SELECT epoch_ns(date_trunc('second', time)) AS time, class, count(*) AS packets, sum(length)::BIGINT AS bytes
     FROM ${filesOf(directory, "packets")} WHERE time IS NOT NULL GROUP BY ALL ORDER BY 1, 2`,
  );
  expect(counted).toEqual(expected);
  const sources = await askDuckDb(
    `SELECT max(abs(s.unique_sources - p.sources) / p.sources) AS error FROM ${filesOf(directory, "seconds")} AS s JOIN
     (SELECT date_trunc('second', time) AS time, class, count(DISTINCT source) AS sources FROM ${filesOf(directory, "packets")}
      WHERE source IS NOT NULL GROUP BY ALL) AS p ON s.time = p.time AND s.class = p.class`,
  );
  expect(Number(sources[0]?.error)).toBeLessThan(0.1);
});

const LINE = {
  ...{ type: "close", time: "2026-11-28T10:00:00.123456789Z", pid: 812, tid: 812, uid: 33, comm: "nginx" },
  ...{ role: "server", family: 4, localAddress: "192.0.2.1", localPort: 443, remoteAddress: "2001:db8::7" },
  ...{ remotePort: 50_000, durationNs: 1_500_000_000, observedNs: 1, handshakeNs: null, bytesSent: 2 ** 40 },
  ...{
    bytesReceived: 7,
    retransmits: 0,
    rttUs: 250,
    reason: "fin",
    closedBy: "local",
    networkNamespace: 1,
    cookie: "5",
  },
};

test("connections are the lines that ringcap connections --json prints, and a line that is none is told", async () => {
  const directory = temporaryDirectory();
  const path = join(directory, "connections.jsonl");
  const unknown = { ...LINE, pid: null, comm: null, reason: null, rttUs: null, durationNs: null };
  writeFileSync(
    path,
    `${JSON.stringify(LINE)}\n\n${JSON.stringify(unknown)}\n{"type":"close"}\n${JSON.stringify(LINE)}`,
  );
  const list = await OpenedFile.open(path);
  const { rows, faults } = await exportConnections([list], { directory, host: "web1", signal: never });
  await list.close();
  expect(rows).toBe(2);
  expect(faults).toEqual([
    expect.objectContaining({ code: "INPUT", message: expect.stringMatching(/line 4 is none of/) }),
  ]);
  const read = await askDuckDb(
    `SELECT epoch_ns(time) AS time, type, reason, role, hex(local_address) AS local, local_port, hex(remote_address) AS remote,
       remote_port, pid, uid, comm, bytes_sent, bytes_received, retransmits, rtt, duration FROM ${filesOf(directory, "connections")}`,
  );
  const known = {
    time: 1_795_860_000_123_456_789n,
    ...{ type: "close", reason: "fin", role: "server", local: "00000000000000000000FFFFC0000201", local_port: 443 },
    ...{ remote: "20010DB8000000000000000000000007", remote_port: 50_000, pid: 812, uid: 33, comm: "nginx" },
    ...{ bytes_sent: 2n ** 40n, bytes_received: 7n, retransmits: 0n, rtt: 250n, duration: 1_500_000_000n },
  };
  expect(read).toEqual([known, { ...known, pid: null, comm: null, reason: null, rtt: null, duration: null }]);
  const [filter] = await askDuckDb(
    `SELECT bloom_filter_excludes AS excludes FROM parquet_bloom_probe('${directory}/table=connections/*/*/*.parquet',
     'remote_address', unhex('20010DB8000000000000000000000008'))`,
  );
  expect(filter).toEqual({ excludes: true });
});

test("days in order are no jumps, however many, and what was finished before too many jumps stays", async () => {
  const directory = temporaryDirectory();
  const makeRows = () => new RecordRows(EVENTS);
  const files = await TableFiles.open({ directory, host: "web1", table: EVENTS, makeRows, mostJumps: 2 });
  const add = async (day: number) => {
    const rows = await files.rowsOf(day, () => `${day}`);
    rows.add({ time: { seconds: day * 86_400, nanoseconds: 0 }, id: "x", event: "health", json: "{}" });
  };
  for (const day of [1, 2, 3, 4, 5, 6, 7, 8, 1, 2]) await add(day);
  await expect(add(3)).rejects.toThrow(
    /jump between too many days .*; 7 files with 7 rows were finished before, and stay$/,
  );
  files.discard();
});
