/** `ringcap export` and `ringcap query` as they are typed. */
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixtures } from "../support/agreement.ts";
import { startRingcap } from "../support/cli.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

async function ringcap(directory: string, ...words: string[]) {
  const { code, stdout, stderr } = await startRingcap(words, { cwd: directory }).exit;
  return { code, stdout: stdout.toString(), stderr };
}

async function countOfPort80(fixture: string): Promise<number> {
  const { stdout } = await runOrFail("tcpdump", ["-nr", join(fixtures, fixture), "--count", "tcp port 80"]);
  return Number(/^(\d+) packet/m.exec(stdout)?.[1]);
}

describeWith([requirements.tools("tcpdump")], "tables", () => {
  test("of chosen packets are exported and asked, what is broken is told, and nothing is exported twice", async () => {
    const directory = temporaryDirectory();
    copyFileSync(join(fixtures, "mixture.pcap"), join(directory, "mixture.pcap"));
    writeFileSync(join(directory, "cut.pcap"), readFileSync(join(fixtures, "handshakes.pcap")).subarray(0, -5));
    const words = ["export", "mixture.pcap", "cut.pcap", "--to", "fleet", "--host", "web1", "--json"];
    const exported = await ringcap(directory, ...words, "tcp", "port", "80");
    expect(exported.code).toBe(3);
    expect(exported.stderr).toMatch(/^ringcap: error: read cut\.pcap: byte \d+: the file is cut off at byte \d+/m);
    const [mixture = 0, handshakes = 0] = await Promise.all(["mixture.pcap", "handshakes.pcap"].map(countOfPort80));
    const numbers = JSON.parse(exported.stdout);
    expect(numbers).toMatchObject({ version: 1, table: "packets", rows: numbers.read });
    expect([mixture + handshakes, mixture + handshakes - 1]).toContain(numbers.rows);
    const asked = await ringcap(
      directory,
      "query",
      "fleet",
      "--json",
      "SELECT host, count(*) AS packets FROM packets GROUP BY host",
    );
    expect(asked.stderr).toBe("");
    expect(JSON.parse(asked.stdout)).toEqual({ host: "web1", packets: numbers.rows });
    expect(statSync(join(directory, "fleet")).mode & 0o7777).toBe(0o700);
    const again = await ringcap(directory, ...words, "tcp", "port", "80");
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).toMatch(/there is a file of that name/);
    const names = readdirSync(join(directory, "fleet"), { recursive: true, encoding: "utf8" });
    expect(names.filter((name) => name.endsWith(".partial"))).toEqual([]);
    const table = await ringcap(directory, "query", "fleet", "--question", "sources", "--limit", "2");
    expect(table.stdout.split("\n")[0]).toMatch(/^address +total_packets +total_bytes +hosts/);
    // Root becomes the owner, whom the host need not list.
    if (process.geteuid?.() === 0) await runOrFail("chown", ["-R", "12345:12346", directory]);
    const values = await ringcap(directory, "query", "fleet", "--csv", 'SELECT \'a,"b"\' AS "x", NULL AS y');
    expect(values.stdout).toBe('x,y\r\n"a,""b""",\r\n');
  });

  test("of connections take no expression, and --since and --limit are for ready questions", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "none.jsonl"), "");
    const words = ["export", "none.jsonl", "--to", "fleet", "--table", "connections"];
    expect(await ringcap(directory, ...words, "tcp")).toMatchObject({ code: 2, stdout: "" });
    expect(await ringcap(directory, ...words, "-q")).toEqual({ code: 0, stdout: "", stderr: "" });
    const asked = await ringcap(directory, "query", "fleet", "SELECT 1", "--limit", "5");
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringMatching(/--limit: it is for --question/) });
    const since = await ringcap(directory, "query", "fleet", "--question", "floods", "--since", "noon");
    expect(since).toMatchObject({ code: 2, stderr: expect.stringMatching(/"noon" is no time/) });
  });
});
