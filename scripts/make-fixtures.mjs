// Makes fixtures/*.pcap and their README again, bit for bit. The frame builders are TypeScript that the tests share, so
// this compiles them first.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
execFileSync("npx", ["--no-install", "tsc", "-p", "scripts/fixtures/tsconfig.json"], { stdio: "inherit" });

const compiled = pathToFileURL("build/make-fixtures/scripts/fixtures/index.js").href;
const { allFixtures, readme } = await import(compiled);
const fixtures = allFixtures();
mkdirSync("fixtures", { recursive: true });
for (const { name, bytes } of fixtures) writeFileSync(join("fixtures", name), bytes);
writeFileSync("fixtures/README.md", readme(fixtures));
