// `npm run test:kernels`: boots Debian's kernels under emulation and tries in each what depends on the kernel. The jobs
// are test/kernels/; this side unpacks the kernels, boots them and gathers what the jobs print.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crossBuildAddon } from "../lib/cross-addon.mjs";
import { installDebianPackages } from "../lib/debian-packages.mjs";
import { boot } from "./boot.mjs";
import { bundleJobs } from "./bundle.mjs";
import { isForeign, PACKAGES_OF_GUESTS, prepareGuest } from "./guest.mjs";
import { copyProject } from "./initramfs.mjs";
import { machines } from "./machines.mjs";
import { parseOptions, USAGE } from "./options.mjs";
import { closingLine, failures, table } from "./report.mjs";
import { Results } from "./results.mjs";

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
/** A guest of an architecture that is not this machine's has a whole instruction set to translate. */
const SECONDS_MAX = { some: 900, all: 5400 };

/** @typedef {import("./kernels.mjs").Kernel} Kernel */

/** @param {ReturnType<typeof parseOptions>} options @param {AbortSignal} signal */
async function run(options, signal) {
  const used = [...new Set(options.kernels.map(({ architecture }) => machines[architecture]))];
  installDebianPackages([...PACKAGES_OF_GUESTS, ...used.flatMap(({ qemuPackages }) => qemuPackages)]);
  const folder = mkdtempSync(join(tmpdir(), "ringcap-kernels-"));
  try {
    const jobs = bundleJobs(folder);
    const settings = { all: options.all, jobs: options.jobs };
    const foreignAddon = options.kernels.some(isForeign) ? await crossBuildAddon() : "";
    const guests = options.kernels.map((kernel) => {
      return {
        kernel,
        ...prepareGuest(kernel),
        addon: isForeign(kernel) ? foreignAddon : "build/Release/ringcap.node",
      };
    });
    const start = (/** @type {(typeof guests)[number]} */ guest) => runOne(guest, { jobs, settings }, signal);
    if (!options.oneAtATime) return await Promise.all(guests.map(start));
    const runs = [];
    for (const guest of guests) runs.push(await start(guest));
    return runs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {{ kernel: Kernel, addon: string } & ReturnType<typeof prepareGuest>} guest
 * @param {{ jobs: string, settings: { all: boolean } }} wanted
 * @param {AbortSignal} signal
 */
async function runOne({ kernel, machine, addon, image, base }, { jobs, settings }, signal) {
  const results = new Results();
  const begin = performance.now();
  const lay = (/** @type {string} */ to) => copyProject(addon, jobs, settings, to);
  const seconds = settings.all ? SECONDS_MAX.all : SECONDS_MAX.some;
  const reason = await boot(
    { image, base, lay, machine, seconds },
    (line) => {
      const job = results.take(line.replace(/\r$/, ""));
      if (job === undefined) return;
      const verdict = job.failures.length === 0 ? "ok" : `${job.failures.length} failed`;
      process.stderr.write(`${kernel.name}: ${job.name}: ${verdict} after ${job.seconds?.toFixed(1)} s\n`);
    },
    signal,
  );
  results.end(reason);
  return { kernel: kernel.name, results, seconds: (performance.now() - begin) / 1000 };
}

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => interruption.abort());
try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(USAGE);
  } else {
    const runs = await run(options, interruption.signal);
    process.stdout.write(`${table(runs)}\n${failures(runs)}${closingLine(runs)}`);
    process.exitCode = runs.every(({ results }) => results.failed === 0) ? 0 : 1;
  }
} catch (error) {
  process.stderr.write(`kernels: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
