// ringcap beside tcpdump: 60-byte SYNs at full speed over a veth, all of them matching, written to a file. Both run in
// turns, in one go; the figures are medians, the ratios ringcap to tcpdump.
//
//   npm run bench                      3,000,000 frames, 5 rounds
//   npm run bench -- 1000000 3 --json  frames, rounds; one JSON object instead of the table
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VethPair } from "../scripts/lib/veth.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [frames = 3_000_000, rounds = 5] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word))
  .map(Number);
const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
const json = process.argv.includes("--json");

const ringcap = [process.execPath, join(root, "dist/cli/main.js"), "-i", "v0", "-s", "96"];
const tcpdump = ["tcpdump", "-n", "-i", "v0", "-Z", "root", "-s", "96"];
const filter = ["--port", "80", "--tcp-flags", "syn,!ack"];
const expression = "tcp port 80 and tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn";
/** @type {Record<string, (file: string) => string[]>} */
const tools = {
  tcpdump: (file) => [...tcpdump, "-w", file, expression],
  "tcpdump -B 16384": (file) => [...tcpdump, "-B", "16384", "-w", file, expression],
  ringcap: (file) => [...ringcap, ...filter, "-w", file],
  "ringcap --action drop": (file) => [...ringcap, ...filter, "--action", "drop", "-w", file],
};

/** Million frames a second, frames, µs of CPU a frame after the start, seconds of CPU to start.
 * @typedef {{ rate: number, lost: number, cpu: number, start: number }} Result */

const network = new VethPair("ringcap-bench");
// In memory: the interrupts of a disk would be charged to whichever tool happens to run.
const directory = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "ringcap-bench-"));
process.on("exit", () => {
  network.destroy();
  rmSync(directory, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
// Without an XDP program a veth takes live frames only with GRO.
network.run(network.receiver, "ethtool", "-K", "v0", "gro", "on");

/** @param {string} file packets in it, as capinfos counts them */
function packetsIn(file) {
  const text = execFileSync("capinfos", ["-M", "-c", file], { encoding: "utf8" });
  return Number(/Number of packets:\s+(\d+)/.exec(text)?.[1]);
}

/** @param {number} pid seconds of CPU that the process used so far (proc_pid_stat(5)) */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** @param {string[]} command @param {string} file @returns {Promise<Result>} */
async function measure(command, file) {
  // bash's `time` knows the CPU time of what it ran, its last flush included.
  const shell = network.spawn(network.receiver, [
    "bash",
    "-c",
    'TIMEFORMAT="cpu %U %S"; time "$@"',
    "bash",
    ...command,
  ]);
  let text = "";
  /** @type {Promise<void>} */
  const listening = new Promise((resolve, reject) => {
    shell.stderr?.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      if (text.includes("listening on")) resolve();
    });
    shell.once("exit", () => reject(new Error(`${command[0]} ended early: ${text}`)));
  });
  await listening;
  const pid = Number(execFileSync("pgrep", ["-P", String(shell.pid)], { encoding: "utf8" }));
  const start = cpuSeconds(pid);
  const sender = join(root, "bench/send-flood.mjs");
  const sent = JSON.parse(network.run(network.sender, process.execPath, sender, String(frames)));
  const ended = once(shell, "close");
  process.kill(pid, "SIGINT");
  await ended;
  const [user = 0, system = 0] = /cpu ([\d.]+) ([\d.]+)/.exec(text)?.slice(1).map(Number) ?? [];
  const cpu = ((user + system - start) / frames) * 1e6;
  return { rate: frames / sent.seconds / 1e6, lost: frames - packetsIn(file), cpu, start };
}

/** @param {number[]} values */
function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** @type {Record<string, Result[]>} */
const results = Object.fromEntries(Object.keys(tools).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, command] of Object.entries(tools)) {
    const file = join(directory, "flood.pcap");
    const result = await measure(command(file), file);
    results[name]?.push(result);
    rmSync(file);
    if (!json)
      process.stderr.write(`round ${round + 1}: ${name}: ${result.rate.toFixed(2)} Mpps, ${result.lost} lost\n`);
  }
}

const medians = Object.entries(results).map(([name, list]) => ({
  name,
  rate: median(list.map(({ rate }) => rate)),
  lost: Math.max(...list.map(({ lost }) => lost)),
  cpu: median(list.map(({ cpu }) => cpu)),
  start: median(list.map(({ start }) => start)),
}));
const [base] = medians;
if (base === undefined) throw new Error("nothing was measured");
const summary = medians.map((row) => ({ ...row, rateRatio: row.rate / base.rate, cpuRatio: row.cpu / base.cpu }));
const machine = { kernel: release(), cpus: cpus().length, model: cpus()[0]?.model, node: process.version };

if (json) {
  process.stdout.write(`${JSON.stringify({ frames, rounds, machine, results: summary })}\n`);
} else {
  process.stdout.write(
    `${frames} SYNs of 60 bytes, ${rounds} rounds, Linux ${machine.kernel}, ${machine.cpus} CPUs\n\n`,
  );
  process.stdout.write(`${"".padEnd(23)}  Mpps   ratio  lost (worst)  CPU µs/packet  ratio  CPU s to start\n`);
  for (const { name, rate, rateRatio, lost, cpu, cpuRatio, start } of summary) {
    const columns = [name.padEnd(23), rate.toFixed(2).padStart(6), rateRatio.toFixed(2).padStart(6)];
    columns.push(String(lost).padStart(13), cpu.toFixed(3).padStart(14), cpuRatio.toFixed(2).padStart(6));
    columns.push(start.toFixed(2).padStart(15));
    process.stdout.write(`${columns.join(" ")}\n`);
  }
}
