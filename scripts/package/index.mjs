// `npm run test:package`: packs, and tries the package as those do who install it. Each check takes the packed file alone,
// prints what it measured, and leaves nothing behind.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkEmulatedArm64 } from "./arm64.mjs";
import { checkBareDebian } from "./bare-debian.mjs";
import { checkCompletions } from "./completion.mjs";
import { checkContainer } from "./container.mjs";
import { checkManual } from "./manual.mjs";
import { checkNodeVersions } from "./node-versions.mjs";
import { pack } from "./pack.mjs";
import { checkUnits } from "./service.mjs";
import { checkTypes } from "./types.mjs";
import { checkWireshark } from "./wireshark.mjs";

/** @typedef {{ tarball: string, folder: string, signal: AbortSignal }} Packed */

/** @type {Record<string, (packed: Packed) => string | Promise<string>>} */
const CHECKS = {
  wireshark: checkWireshark,
  "debian-12": (packed) => checkBareDebian(packed, "bookworm"),
  "debian-11": (packed) => checkBareDebian(packed, "bullseye"),
  arm64: checkEmulatedArm64,
  types: checkTypes,
  node: checkNodeVersions,
  manual: () => checkManual("packaging/man"),
  completion: () => checkCompletions(resolve("packaging/completion")),
  container: checkContainer,
  units: checkUnits,
};
const USAGE = `npm run test:package -- [checks]

  checks: ${Object.keys(CHECKS).join(", ")}; all of them by default
`;

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean" } } });
const unknown = positionals.filter((name) => !(name in CHECKS));
if (values.help === true || unknown.length > 0) {
  process.stderr.write(USAGE);
  process.exit(unknown.length > 0 ? 2 : 0);
}

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => interruption.abort());
const folder = mkdtempSync(join(tmpdir(), "ringcap-package-"));
const failed = [];
try {
  const { tarball, summary } = pack(folder);
  process.stdout.write(`packed: ${summary}\n`);
  for (const [name, check] of Object.entries(CHECKS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    interruption.signal.throwIfAborted();
    const begin = performance.now();
    try {
      const found = await check({ tarball, folder, signal: interruption.signal });
      process.stdout.write(`${name}: ok after ${((performance.now() - begin) / 1000).toFixed(1)} s: ${found}\n`);
    } catch (error) {
      failed.push(name);
      process.stdout.write(`${name}: failed: ${error instanceof Error ? error.message : error}\n`);
    }
  }
} catch (error) {
  failed.push("pack");
  process.stderr.write(`package: ${error instanceof Error ? error.message : error}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed.length === 0 ? 0 : 1;
