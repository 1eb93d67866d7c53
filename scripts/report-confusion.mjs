/**
 * Writes into docs/report.md how often the verdict of a report is right, between the two lines that mark the place. It takes
 * some minutes. The trials are made by test/traffic, which Node.js 20 reads after rolldown has bundled it.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";

const BUNDLE = new URL("../build/confusion.mjs", import.meta.url);
const PAGE = new URL("../docs/report.md", import.meta.url);
const BEGIN = "<!-- scripts/report-confusion.mjs -->\n";
const END = "<!-- end -->\n";

const options = ["--platform", "node", "--format", "esm", "--external", "node-gyp-build"];
execFileSync("npx", [
  "--no-install",
  "rolldown",
  "test/traffic/confusion.ts",
  "--file",
  "build/confusion.mjs",
  ...options,
]);
/** @type {{ confusion(onKind: (kind: string) => void): Promise<string> }} */
const { confusion } = await import(BUNDLE.href);
const text = await confusion((kind) => process.stderr.write(`${kind}\n`));
rmSync(BUNDLE);

const page = readFileSync(PAGE, "utf8");
const [before, rest] = page.split(BEGIN);
const after = rest?.split(END)[1];
if (before === undefined || after === undefined) throw new Error("docs/report.md has no place for the tables");
writeFileSync(PAGE, `${before}${BEGIN}\n${text}\n\n${END}${after}`);
