/** "ringcap/fleet", as programs import it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportTable, openTables, sqlOfQuestion, TABLES } from "ringcap/fleet";
import { expect, onTestFinished, test } from "vitest";
import { fixtures } from "../../support/agreement.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const FLOOD = join(fixtures, "syn-flood-ipv6.pcap");

test("chosen packets of a file become a table, which a question and a ready question are put to", async () => {
  const to = join(temporaryDirectory(), "tables");
  const cut = join(to, "..", "cut.pcap");
  writeFileSync(cut, readFileSync(FLOOD).subarray(0, -1));
  const { faults, ...numbers } = await exportTable(cut, { to, host: "a b", filter: { port: "80", tcpFlags: "syn" } });
  expect(faults).toEqual([expect.objectContaining({ code: "INPUT" })]);
  expect(numbers).toMatchObject({ rows: numbers.read, files: 1 });
  const tables = await openTables(to);
  onTestFinished(() => tables.close());
  expect(tables.tables).toEqual(["packets"]);
  const asked = ["SELECT host, count(*) AS rows FROM packets GROUP BY host"];
  asked.push(sqlOfQuestion("hosts-hit", tables.tables, { limit: 1 }));
  for (const sql of asked) {
    const { names, rows } = await tables.ask(sql);
    const all = [];
    for await (const portion of rows) all.push(...portion);
    expect(all[0]?.[0]).toBe("a b");
    expect(all[0]).toContain(numbers.rows);
    expect(names).toContain("host");
  }
  expect(TABLES.packets.columns[0]).toMatchObject({ name: "time", type: "time" });
});

test("what cannot be honoured is refused by its name", async () => {
  const to = join(temporaryDirectory(), "tables");
  const wrong = { to, tabel: "seconds" };
  await expect(exportTable(FLOOD, wrong)).rejects.toMatchObject({ code: "USAGE", message: /tabel/ });
  await expect(exportTable([], { to })).rejects.toMatchObject({ code: "USAGE" });
  const filtered = exportTable(FLOOD, { to, table: "connections", filter: { port: "80" } });
  await expect(filtered).rejects.toMatchObject({ code: "USAGE", operation: expect.stringContaining("filter") });
  await expect(exportTable(FLOOD, { to, table: "connections" })).rejects.toMatchObject({ code: "INPUT" });
  await expect(openTables(to)).rejects.toMatchObject({ code: "INPUT" });
});
