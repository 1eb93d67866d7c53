/**
 * Writes the manual pages and the completions of packaging/ anew, and the list of pages in package.json, of what the built command line says of itself:
 * `npm run manual`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Program } from "../../dist/cli/program.js";
import { generatedFiles, pagesInManifest } from "./files.mjs";

const packaging = fileURLToPath(new URL("../../packaging", import.meta.url));
const files = generatedFiles(new Program());
for (const [name, text] of files) {
  mkdirSync(dirname(join(packaging, name)), { recursive: true });
  writeFileSync(join(packaging, name), text);
}

const manifest = new URL("../../package.json", import.meta.url);
const content = JSON.parse(readFileSync(manifest, "utf8"));
writeFileSync(manifest, `${JSON.stringify({ ...content, man: pagesInManifest(files) }, null, 2)}\n`);
