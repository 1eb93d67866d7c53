/**
 * Writes the manual pages and the completions of packaging/ anew, of what the built command line says of itself:
 * `npm run manual`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Program } from "../../dist/cli/program.js";
import { generatedFiles } from "./files.mjs";

const packaging = fileURLToPath(new URL("../../packaging", import.meta.url));
for (const [name, text] of generatedFiles(new Program())) {
  mkdirSync(dirname(join(packaging, name)), { recursive: true });
  writeFileSync(join(packaging, name), text);
}
