// `ringcap/cap` beside npm's `cap`: a flood of SYNs into a program that counts packets, or that decodes each of them, with
// the buffer of 10 MiB that programs commonly ask for. Both in turns, in one run, over one veth.
//
//   node bench/cap.mjs        5 rounds
//   node bench/cap.mjs 3
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { npmPackage } from "../scripts/lib/npm-packages.mjs";
import { VethPair } from "../scripts/lib/veth.mjs";
import { describeMachine } from "./lib/machine.mjs";
import { cpuSeconds } from "./lib/process-usage.mjs";
import { send } from "./lib/senders.mjs";
import { median } from "./lib/statistics.mjs";
import { framesSent, workloads } from "./lib/workloads.mjs";

const rounds = Number(process.argv[2] ?? 5);
const program = fileURLToPath(new URL("lib/cap-flood.cjs", import.meta.url));
const here = fileURLToPath(new URL("../dist/cap/index.js", import.meta.url));
const [workload = missing()] = workloads;

/** @returns {never} */
function missing() {
  throw new Error("there is no workload");
}

const original = npmPackage("cap");
if (original.problem !== undefined) process.stderr.write(`npm's cap: ${original.problem}\n`);
/** @type {Record<string, string>} */
const packages = { ...(original.problem === undefined ? { "npm cap": original.directory } : {}), "ringcap/cap": here };

const network = new VethPair(`ringcap-bench-cap-${process.pid}`);
process.once("exit", () => network.destroy());
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
// Without an XDP program a veth takes live frames only with GRO.
network.run(network.receiver, "ethtool", "-K", "v0", "gro", "on");

/**
 * @typedef {{ rate: number, delivered: number, lost: number, cpu: number, end: string }} Round
 * @param {string} name
 * @param {string} work
 * @returns {Promise<Round>}
 */
async function measure(name, work) {
  const child = network.spawn(network.receiver, [process.execPath, program, name, work, workload.expression]);
  const closed = once(child, "close");
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  while (!text.includes("open")) {
    if (child.exitCode !== null) throw new Error(`${name} ended early: ${text}`);
    await pause(20);
  }
  // ip netns exec becomes the program.
  const pid = child.pid ?? 0;
  const before = cpuSeconds(pid);
  const { rate } = await send(network, workload);
  const deliveredSoFar = () => /.*delivered (\d+)/s.exec(text)?.[1];
  const cpu = await settled(pid, child, deliveredSoFar);
  child.kill("SIGINT");
  const [code, signal] = await closed;
  const delivered = Number(deliveredSoFar() ?? 0);
  const lost = framesSent(workload) - delivered;
  return { rate, delivered, lost, cpu: ((cpu - before) / delivered) * 1e6, end: signal ?? `exit code ${code}` };
}

/**
 * Resolves with the CPU time of the program when it tells the same number of packets twice, or when it has ended.
 *
 * @param {number} pid
 * @param {import("node:child_process").ChildProcess} child
 * @param {() => string | undefined} delivered what the program told last
 */
async function settled(pid, child, delivered) {
  let cpu = 0;
  for (let before = ""; child.exitCode === null && child.signalCode === null; ) {
    cpu = cpuSeconds(pid);
    child.kill("SIGUSR2");
    await pause(300);
    const now = delivered();
    if (now !== undefined && now === before) break;
    before = now ?? before;
  }
  return cpu;
}

const { kernel, cpus, model, node } = describeMachine();
process.stdout.write(
  `Linux ${kernel}, ${cpus} CPUs (${model}), Node.js ${node}; ${workload.title}; ${rounds} rounds\n\n`,
);
/** @type {Map<string, Round[]>} */
const results = new Map();
for (let round = 0; round < rounds; round++) {
  for (const work of ["counts", "decodes"]) {
    for (const [name, entry] of Object.entries(packages)) {
      const key = `${name}, ${work}`;
      const result = await measure(entry, work);
      process.stderr.write(`${key}: ${JSON.stringify(result)}\n`);
      results.set(key, [...(results.get(key) ?? []), result]);
    }
  }
}
process.stdout.write(`${"".padEnd(24)} sent Mpps  delivered  lost (median)  lost (worst)  CPU s/Mpkt  ends\n`);
for (const [key, all] of results) {
  const of = (/** @type {(round: Round) => number} */ value) => median(all.map(value));
  const ends = [...new Set(all.map(({ end }) => end))].join(", ");
  const columns = [
    (of(({ rate }) => rate) / 1e6).toFixed(2).padStart(9),
    of(({ delivered }) => delivered)
      .toLocaleString("en")
      .padStart(11),
    of(({ lost }) => lost)
      .toLocaleString("en")
      .padStart(13),
    Math.max(...all.map(({ lost }) => lost))
      .toLocaleString("en")
      .padStart(13),
    of(({ cpu }) => cpu)
      .toFixed(2)
      .padStart(11),
    ` ${ends}`,
  ];
  process.stdout.write(`${key.padEnd(24)} ${columns.join(" ")}\n`);
}
