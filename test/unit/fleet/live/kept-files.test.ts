import { mkdirSync, readdirSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { KeptFiles } from "../../../../src/fleet/live/kept-files.ts";
import { temporaryDirectory } from "../../../support/temporary.ts";

function file(directory: string, path: string, bytes: number): void {
  const full = join(directory, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, Buffer.alloc(bytes));
}

const nameOf = (day: number, minute: number) => `202611${day}T10${minute}00.000000000Z`;
const pathOf = (table: string, day: number, minute: number, host = "web1") =>
  `table=${table}/date=2026-11-${day}/host=${host}/${nameOf(day, minute)}.parquet`;

/** The files below a directory, but for those that a link leads to. */
function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes("T10") && !name.startsWith("table=incidents"))
    .sort();
}

test("the oldest files of all tables of the host go, and nothing else", async () => {
  const directory = temporaryDirectory();
  for (const minute of [10, 11, 12]) {
    file(directory, pathOf("seconds", 27, minute), 100);
    file(directory, pathOf("talkers", 27, minute), 50);
    file(directory, pathOf("seconds", 28, minute), 100);
  }
  const others = [
    pathOf("seconds", 27, 10, "web2"),
    `${dirname(pathOf("seconds", 27, 10))}/T10-of-somebody.parquet`,
    `${dirname(pathOf("seconds", 27, 10))}/${nameOf(27, 10)}.parquet.partial`,
    `elsewhere/${nameOf(27, 10)}.parquet`,
  ];
  for (const path of others) file(directory, path, 10_000);
  mkdirSync(join(directory, "table=incidents/date=2026-11-01"), { recursive: true });
  symlinkSync(join(directory, "elsewhere"), join(directory, "table=incidents/date=2026-11-01/host=web1"));
  const kept = new KeptFiles({ directory, host: "web1", keepSize: 500 });
  await kept.makeRoom("talkers", 50);
  const left = [
    pathOf("seconds", 27, 12),
    pathOf("talkers", 27, 12),
    ...[10, 11, 12].map((minute) => pathOf("seconds", 28, minute)),
  ];
  expect(filesIn(directory)).toEqual([...left, ...others].sort());
  await kept.makeRoom("talkers", 0);
  // What comes between two calls is seen, also where another process made it.
  file(directory, pathOf("connections", 28, 13), 150);
  await kept.makeRoom("seconds", 0);
  expect(filesIn(directory)).toEqual([...left.slice(1), pathOf("connections", 28, 13), ...others].sort());
});

test("a day without files has no directory, but for the last one, and a limit that nothing can keep is let go", async () => {
  const directory = temporaryDirectory();
  file(directory, pathOf("seconds", 27, 10), 100);
  file(directory, pathOf("seconds", 28, 10), 100);
  const elsewhere = temporaryDirectory();
  file(elsewhere, pathOf("talkers", 26, 10), 100);
  file(elsewhere, `${pathOf("talkers", 26, 11)}.partial`, 100);
  symlinkSync(join(elsewhere, "table=talkers"), join(directory, "table=talkers"));
  const kept = new KeptFiles({ directory, host: "web1", keepSize: 10 });
  await kept.removeLeftBehind();
  await kept.makeRoom("seconds", 1000);
  expect(readdirSync(dirname(join(elsewhere, pathOf("talkers", 26, 10))))).toHaveLength(2);
  unlinkSync(join(directory, "table=talkers"));
  expect(readdirSync(join(directory, "table=seconds"))).toEqual(["date=2026-11-28"]);
  expect(filesIn(directory)).toEqual([]);
  await new KeptFiles({ directory: join(directory, "gone"), host: "web1", keepSize: 10 }).makeRoom("seconds", 1);
});
