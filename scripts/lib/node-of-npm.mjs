// Node.js of other versions and for another architecture, as npm has it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {string} cache
 * @param {`node-linux-${"x64" | "arm64"}@${number}`} wanted package and major version
 * @returns {string} path of the program
 */
export function nodeOfNpm(cache, wanted) {
  return join(packageOfNpm(cache, wanted), "bin/node");
}

/**
 * The files of a package, which is downloaded at the first call.
 *
 * @param {string} cache
 * @param {string} wanted name and version
 * @returns {string} path of its folder
 */
export function packageOfNpm(cache, wanted) {
  const folder = join(cache, wanted);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const temporary = mkdtempSync(`${folder}-`);
    try {
      process.stderr.write(`npm: downloading ${wanted}\n`);
      execFileSync("npm", ["pack", "--silent", wanted], { cwd: temporary, stdio: ["ignore", "ignore", "inherit"] });
      const [archive = ""] = readdirSync(temporary);
      execFileSync("tar", ["--extract", "--file", archive], { cwd: temporary });
      renameSync(join(temporary, "package"), folder);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  }
  return folder;
}
