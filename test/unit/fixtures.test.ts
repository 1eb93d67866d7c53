import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allFixtures, readme } from "../../scripts/fixtures/index.ts";

const fixtures = allFixtures();

test.each(fixtures.map(({ name, bytes }) => [name, bytes] as const))(
  "the script makes %s again bit for bit",
  (name, bytes) => {
    expect(Buffer.compare(readFileSync(join("fixtures", name)), bytes)).toBe(0);
  },
);

test("every file of fixtures/ has a line in its README", () => {
  expect(readFileSync("fixtures/README.md", "utf8")).toBe(readme(fixtures));
  const known = new Set([...fixtures.map(({ name }) => name), "README.md", "suite.json", "golden"]);
  expect(readdirSync("fixtures").filter((name) => !known.has(name))).toEqual([]);
});

test("fixtures/ stays below 2 MB", () => {
  const files = readdirSync("fixtures", { recursive: true, encoding: "utf8" });
  const bytes = files.reduce((sum, name) => sum + statSync(join("fixtures", name)).size, 0);
  expect(bytes).toBeLessThan(2_000_000);
});
