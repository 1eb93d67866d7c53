// Measures ringcap beside its peers: `npm run bench -- --help`.
import { writeFileSync } from "node:fs";
import { measureBursts } from "./lib/bursts.mjs";
import { runWorkload } from "./lib/floods.mjs";
import { measureKernel } from "./lib/kernel-cost.mjs";
import { describeMachine, fileSystemOf } from "./lib/machine.mjs";
import { parseOptions, USAGE } from "./lib/options.mjs";
import { summarise, table } from "./lib/report.mjs";
import { measureStart } from "./lib/start-time.mjs";
import { measureStop } from "./lib/stop-time.mjs";

const options = parseOptions(process.argv.slice(2));
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** @param {string} text */
const print = (text) => (options.json === "-" ? process.stderr : process.stdout).write(text);
const machine = describeMachine();
/** @type {Record<string, unknown>} */
const figures = { machine, date: new Date().toISOString(), rounds: options.rounds };
print(`Linux ${machine.kernel}, ${machine.cpus} CPUs (${machine.model}), Node.js ${machine.node}\n\n`);

if (options.parts.includes("floods")) {
  const present = options.tools.filter((tool) => tool.missing() === undefined);
  const versions = Object.fromEntries(present.map((tool) => [tool.name, tool.version()]).filter(([, text]) => text));
  const fileSystem = fileSystemOf(options.directory);
  print(`${Object.entries(versions).flat().join(" ")}; ${options.rounds} rounds, medians; files on ${fileSystem}\n\n`);
  /** @type {Record<string, unknown>} */
  const results = {};
  for (const workload of options.workloads) {
    const all = await runWorkload(workload, options.tools, options.rounds, options.directory);
    print(`${table(workload, all)}\n`);
    results[workload.letter] = all.map((series) => ({ ...series, median: summarise(series) }));
  }
  Object.assign(figures, { versions, fileSystem, workloads: results });
}
if (options.parts.includes("kernel")) figures.kernel = measureKernel(print);
if (options.parts.includes("start")) figures.start = await measureStart(print);
if (options.parts.includes("stop")) figures.stop = await measureStop(print);
if (options.parts.includes("bursts")) figures.bursts = await measureBursts(print);

if (options.json === "-") process.stdout.write(`${JSON.stringify(figures)}\n`);
else if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
