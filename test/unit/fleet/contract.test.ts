import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { TABLE_NAMES } from "../../../src/fleet/contract/table.ts";
import { TABLES } from "../../../src/fleet/contract/tables.ts";

const schema = JSON.parse(readFileSync("schemas/fleet.tables.json", "utf8"));
const page = readFileSync("docs/fleet.md", "utf8");

test("the tables are those of schemas/fleet.tables.json", () => {
  expect(schema.tables).toEqual(TABLES);
});

test.each(TABLE_NAMES)("docs/fleet.md has each column of %s, with its type, its unit and what it says", (name) => {
  const section = page.split(`### ${name}\n`)[1]?.split(/\n###? /)[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  const cells = rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(cells).toEqual(
    TABLES[name].columns.map(({ name: column, type, nullable, unit = "", description }) => [
      `\`${column}\``,
      nullable ? `${type}, or null` : type,
      unit,
      description,
    ]),
  );
});
