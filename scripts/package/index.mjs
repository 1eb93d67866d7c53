// `npm run test:package`: packs, and tries the package as those do who install it. Each check takes the packed file alone, or
// the clone where that is enough, prints what it measured, and leaves nothing behind.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkEmulatedArm64 } from "./arm64.mjs";
import { checkBareDebian } from "./bare-debian.mjs";
import { checkCap } from "./cap.mjs";
import { checkClickHouse } from "./clickhouse.mjs";
import { checkCompletions } from "./completion.mjs";
import { checkContainer } from "./container.mjs";
import { checkManual } from "./manual.mjs";
import { checkNodeVersions } from "./node-versions.mjs";
import { pack } from "./pack.mjs";
import { checkUnits } from "./service.mjs";
import { checkTypes } from "./types.mjs";
import { checkWireshark } from "./wireshark.mjs";

/** @typedef {{ folder: string, signal: AbortSignal }} Given a folder that is removed afterwards */
/** @typedef {Given & { tarball: string }} Packed */

/** @type {Record<string, (packed: Packed) => string | Promise<string>>} */
const OF_THE_PACKAGE = {
  wireshark: checkWireshark,
  "debian-12": (packed) => checkBareDebian(packed, "bookworm"),
  "debian-11": (packed) => checkBareDebian(packed, "bullseye"),
  arm64: checkEmulatedArm64,
  types: checkTypes,
  cap: checkCap,
  container: checkContainer,
};
/** What needs a built clone, and no packed file. @type {Record<string, (given: Given) => string | Promise<string>>} */
const OF_THE_CLONE = {
  node: checkNodeVersions,
  manual: () => checkManual("packaging/man"),
  completion: () => checkCompletions(resolve("packaging/completion")),
  units: checkUnits,
  clickhouse: checkClickHouse,
};
const NAMES = [...Object.keys(OF_THE_PACKAGE), ...Object.keys(OF_THE_CLONE)];
const USAGE = `npm run test:package -- [checks]

  checks: ${NAMES.join(", ")}; all of them by default
`;

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean" } } });
const unknown = positionals.filter((name) => !NAMES.includes(name));
if (values.help === true || unknown.length > 0) {
  process.stderr.write(USAGE);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => interruption.abort());
const given = { folder: mkdtempSync(join(tmpdir(), "ringcap-package-")), signal: interruption.signal };
/** @type {string[]} */
const failed = [];
try {
  const ofThePackage = chosen(OF_THE_PACKAGE);
  if (ofThePackage.length > 0) {
    const begin = performance.now();
    const { tarball, summary } = pack(given.folder);
    process.stdout.write(`packed after ${secondsSince(begin)} s: ${summary}\n`);
    for (const [name, check] of ofThePackage) await run(name, () => check({ ...given, tarball }));
  } else {
    execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: ["ignore", 2, 2] });
  }
  for (const [name, check] of chosen(OF_THE_CLONE)) await run(name, () => check(given));
} catch (error) {
  failed.push("pack");
  process.stderr.write(`package: ${error instanceof Error ? error.message : error}\n`);
} finally {
  rmSync(given.folder, { recursive: true, force: true });
}
process.exitCode = failed.length === 0 ? 0 : 1;

/** @template Check @param {Record<string, Check>} checks @returns {[string, Check][]} */
function chosen(checks) {
  return Object.entries(checks).filter(([name]) => positionals.length === 0 || positionals.includes(name));
}

/** @param {string} name @param {() => string | Promise<string>} check */
async function run(name, check) {
  interruption.signal.throwIfAborted();
  const begin = performance.now();
  try {
    const found = await check();
    process.stdout.write(`${name}: ok after ${secondsSince(begin)} s: ${found}\n`);
  } catch (error) {
    failed.push(name);
    process.stdout.write(`${name}: failed: ${error instanceof Error ? error.message : error}\n`);
  }
}

/** @param {number} begin */
function secondsSince(begin) {
  return ((performance.now() - begin) / 1000).toFixed(1);
}
