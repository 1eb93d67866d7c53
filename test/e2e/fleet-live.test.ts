/** Tables that `ringcap watch` and `ringcap connections` write while they run, asked by `ringcap query`. */
import { readdirSync, renameSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectNothingAttached } from "../support/attachments.ts";
import { ip } from "../support/capturing.ts";
import { startRingcap } from "../support/cli.ts";
import { startFlood } from "../support/flood.ts";
import { follow } from "../support/following.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { startWatch } from "../support/watching.ts";

const needed = [requirements.bpf, requirements.namespaces, requirements.tools("ip", "tc", "bpftool")];

/** The answer to a question, a row a line. */
async function query(directory: string, sql: string): Promise<unknown[]> {
  const { code, stdout, stderr } = await startRingcap(["query", directory, sql, "--json"]).exit;
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const SUMS = ["packets", "seen", "matched", "sampled", "dropped"]
  .map((name) => `(SELECT sum(${name}) FROM seconds)::BIGINT AS ${name}`)
  .join(", ");

describeWith(needed, "tables that are written meanwhile", () => {
  test("have every packet that a watch counted, its heaviest keys and its incidents", async () => {
    await using network = await TestNetwork.create();
    const directory = temporaryDirectory();
    const tables = join(directory, "fleet");
    const rules = ["--trigger", "1000/s", "--before", "1s", "--after", "1s", "--incident-size", "8Mi", "--no-report"];
    const options = ["-w", join(directory, "incidents"), "--parquet", tables, "--parquet-host", "web1"];
    const watch = startWatch(["-i", "v0", ...rules, ...options], { prefix: network.commandIn("b") });
    await watch.event("started");
    const first = startFlood(network);
    await watch.event("sampling");
    await ip(network, "b", "link delete v0");
    await first.stop().catch(() => {});
    const { incident } = await watch.event("incident-ended");
    await watch.event("interface-gone");
    await ip(network, "b", `link add v0 type veth peer name v1 netns ${network.namespaces.a}`);
    await ip(network, "b", "link set v0 up");
    await ip(network, "a", "link set v1 up");
    await watch.event("interface-back");
    startFlood(network, { perSecond: 20_000 });
    await watch.event("incident-began", 2);
    const { report } = await watch.end();
    const { seen, matched, sampledOut, rateLimited, ringDropped } = report.packets;
    expect(sampledOut).toBeGreaterThan(0);
    const [sums, ...others] = await query(
      tables,
      `SELECT ${SUMS},
        (SELECT min(incident || ' ' || rule || ' ' || host || ' ' || reason) FROM incidents) AS incident,
        (SELECT count(*) FROM incidents) AS incidents,
        (SELECT count(*) FROM (SELECT time, interface, class FROM seconds GROUP BY ALL HAVING count(*) > 1)) AS repeated,
        (SELECT string_agg(DISTINCT kind, ' ' ORDER BY kind) FROM talkers) AS kinds,
        (SELECT bool_and(port = 80) FROM talkers WHERE kind = 'dst-port' AND packets > 1000) AS ports`,
    );
    expect(sums).toEqual({
      packets: matched,
      seen,
      matched,
      sampled: sampledOut + rateLimited,
      dropped: ringDropped,
      incident: `${incident} 1000/s web1 interface gone`,
      incidents: 2,
      repeated: 0,
      kinds: "dst dst+port dst-port src src-net",
      ports: true,
    });
    expect(others).toEqual([]);
    await expectNothingAttached(network);
  });

  test("have each line of connections, and what could not be written is told", async () => {
    const directory = temporaryDirectory();
    const tables = join(directory, "fleet");
    const server = createServer((socket) => void socket.end()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const connect = () =>
      new Promise((resolve) => createConnection({ port, host: "127.0.0.1" }).resume().once("close", resolve));
    const words = ["--port", `${port}`, "--parquet", tables];
    const following = await follow(words);
    await connect();
    await following.lines(2);
    const { lines, code, stderr } = await following.finish();
    expect({ code, stderr: stderr.match(/warning/) }).toEqual({ code: 0, stderr: null });
    const rows = await query(
      tables,
      `SELECT type, reason, role, ip_text(local_address) AS "localAddress", local_port AS "localPort",
        ip_text(remote_address) AS "remoteAddress", remote_port AS "remotePort", pid, uid, comm, bytes_sent AS "bytesSent",
        rtt AS "rttUs", duration AS "durationNs" FROM connections ORDER BY time`,
    );
    expect(rows).toHaveLength(2);
    expect(lines).toMatchObject(rows);

    const failing = await follow(words);
    renameSync(tables, join(directory, "moved"));
    await connect();
    await failing.lines(2);
    const failed = await failing.finish();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^ringcap: warning: the tables have gaps: write .*ENOENT/m);
    expect(failed.stderr).toMatch(/^ringcap: warning: 2 rows of the tables could not be written/m);
    expect(readdirSync(directory)).toEqual(["moved"]);
    server.close();
  });
});
