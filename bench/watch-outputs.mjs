// What an output of `ringcap watch` costs it in a flood, side by side with a watch that lacks it. By default the output is
// --parquet, and the flood goes on while its files of a minute are written.
//
//   node bench/watch-outputs.mjs [--rounds 2] [--cycles 2] [--options "--parquet DIRECTORY"]
//
// DIRECTORY in the options is put in place by that of the round. A round waits for the end of a minute, twice.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { VethPair } from "../scripts/lib/veth.mjs";
import { describeMachine } from "./lib/machine.mjs";
import { cpuSeconds, memory } from "./lib/process-usage.mjs";
import { send } from "./lib/senders.mjs";
import { median } from "./lib/statistics.mjs";
import { workloads } from "./lib/workloads.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "2" },
    cycles: { type: "string", default: "2" },
    options: { type: "string", default: "--parquet DIRECTORY" },
  },
});
/** Files of a minute are written two seconds behind it. */
const MINUTE = 60_000;
const BEFORE_FILES = 500;

const flood = workloads.find(({ letter }) => letter === "a");
if (flood === undefined) throw new Error("there is no workload a");
const workload = { ...flood, cycles: Number(values.cycles) };

/** @param {readonly string[]} options */
async function round(options) {
  const network = new VethPair("ringcap-bench-outputs");
  const directory = mkdtempSync(join(tmpdir(), "ringcap-bench-outputs-"));
  try {
    network.run(network.receiver, "ethtool", "-K", "v0", "gro", "on");
    const watch = network.spawn(network.receiver, [
      ...[process.execPath, "dist/bundle/main.cjs", "watch", "-i", "v0", "-s", String(workload.snapshotLength)],
      ...[...workload.filter, "--trigger", "20000/s", "--no-report", "--json", "-w", join(directory, "incidents")],
      ...options.map((word) => (word === "DIRECTORY" ? join(directory, "tables") : word)),
    ]);
    let [out, messages] = ["", ""];
    watch.stdout?.setEncoding("utf8").on("data", (chunk) => {
      out += chunk;
    });
    watch.stderr?.setEncoding("utf8").on("data", (chunk) => {
      messages += chunk;
    });
    while (!/listening on/.test(messages)) {
      if (watch.exitCode !== null) throw new Error(messages);
      await pause(20);
    }
    await pause(MINUTE - ((Date.now() + BEFORE_FILES) % MINUTE));
    const pid = watch.pid ?? 0;
    const before = cpuSeconds(pid);
    const { rate } = await send(network, workload, pid);
    // Behind the files of the minute, however short the flood was.
    await pause(Math.max(0, 4000 - (Date.now() % MINUTE)));
    const cpu = cpuSeconds(pid) - before;
    const { peak } = memory(pid);
    const ended = once(watch, "close");
    watch.kill("SIGINT");
    const [code] = await ended;
    const { packets } = JSON.parse(out.trimEnd().split("\n").at(-1) ?? "");
    const millions = packets.matched / 1e6;
    return { rate: rate / 1e6, cpu: cpu / millions, peak, lost: (packets.ringDropped / packets.matched) * 100, code };
  } finally {
    network.destroy();
    rmSync(directory, { recursive: true, force: true });
  }
}

const added = values.options.split(" ");
const tools = [
  { name: "watch", options: [], rounds: [] },
  { name: `watch ${values.options}`, options: added, rounds: [] },
];
const machine = describeMachine();
process.stdout.write(`Linux ${machine.kernel}, ${machine.cpus} CPUs (${machine.model}), Node.js ${machine.node}\n`);
for (let number = 0; number < Number(values.rounds); number++) {
  for (const tool of number % 2 === 0 ? tools : tools.toReversed()) {
    const result = await round(tool.options);
    /** @type {(typeof result)[]} */ (tool.rounds).push(result);
    process.stderr.write(`${tool.name}: ${JSON.stringify(result)}\n`);
  }
}
const columns = ["Mpps sent", "CPU s / M", "MiB", "lost %"];
process.stdout.write(`${"".padEnd(32)}${columns.map((column) => column.padStart(12)).join("")}\n`);
for (const { name, rounds } of tools) {
  const of = (/** @type {"rate" | "cpu" | "peak" | "lost"} */ key) =>
    median(/** @type {Awaited<ReturnType<typeof round>>[]} */ (rounds).map((result) => result[key]));
  const cells = [of("rate").toFixed(3), of("cpu").toFixed(4), of("peak").toFixed(0), of("lost").toFixed(2)];
  process.stdout.write(`${name.padEnd(32)}${cells.map((cell) => cell.padStart(12)).join("")}\n`);
}
