// From the exec of a program to the line with which it says that it captures, and from SIGINT to its end, of ringcap on
// several versions of Node.js, tcpdump and dumpcap, in turns.
//
//   node bench/start.mjs                                    15 rounds with the running Node.js
//   node bench/start.mjs 5 /opt/node22/bin/node node        5 rounds with these
//   node bench/start.mjs 5 node ../before                   and with another clone, which is built
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { VethPair } from "../scripts/lib/veth.mjs";
import { describeMachine } from "./lib/machine.mjs";
import { median } from "./lib/statistics.mjs";

const INSIDE = "RINGCAP_BENCH_INSIDE";
const [rounds = "15", ...named] = process.argv.slice(2);
const isClone = (/** @type {string} */ path) => existsSync(`${path}/dist/bundle/main.cjs`);
const nodes = named.filter((path) => !isClone(path));
const clones = [fileURLToPath(new URL("..", import.meta.url)), ...named.filter(isClone)];
if (nodes.length === 0) nodes.push(process.execPath);
// Node.js 20 reads the file of this variable at its start, which takes 40 ms. sudo takes the variable away.
const { NODE_EXTRA_CA_CERTS: _, [INSIDE]: inside, ...environment } = process.env;

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string[]} command
 * @property {RegExp} ready
 * @property {number[]} starts milliseconds
 * @property {number[]} ends milliseconds
 */

/** @param {string} name @param {string[]} command @param {RegExp} [ready] @returns {Program} */
const program = (name, command, ready = /listening on/) => ({ name, command, ready, starts: [], ends: [] });

/** @param {string} node @param {string} clone @returns {Program[]} */
function ringcapOn(node, clone) {
  const main = resolve(clone, "dist/bundle/main.cjs");
  const mark = clone === clones[0] ? "ringcap" : clone;
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const command = [node, "--inspect-port=240.0.0.1:9229", main, "-i", "v0", "--port", "80", "-w", "/dev/null"];
  return [
    program(`${mark}, XDP, Node.js ${version}`, [...command, "--hook", "xdp"]),
    program(`${mark}, TC, Node.js ${version}`, [...command, "--hook", "tc"]),
  ];
}

/** @param {string} directory @returns {Program[]} */
function others(directory) {
  // tcpdump would give the device to a user of its own, and dumpcap removes what it cannot write to.
  const tcpdump = ["tcpdump", "-n", "-Z", "root", "-i", "v0", "-w", "/dev/null", "tcp port 80"];
  const dumpcap = ["dumpcap", "-q", "-i", "v0", "-w", join(directory, "dumpcap.pcap"), "-f", "tcp port 80"];
  return [program("tcpdump", tcpdump), program("dumpcap", dumpcap, /File: /)].filter(
    ({ name }) => spawnSync("which", [name]).status === 0,
  );
}

/** @param {Program} program */
async function run({ name, command: [file = "", ...words], ready, starts, ends }) {
  const start = performance.now();
  const child = spawn(file, words, { stdio: ["ignore", "ignore", "pipe"], env: environment });
  const closed = once(child, "close");
  let said = "";
  for await (const text of child.stderr) {
    said += text;
    if (!ready.test(said)) continue;
    starts.push(performance.now() - start);
    break;
  }
  if (!ready.test(said)) throw new Error(`${name} does not start: ${said}`);
  const asked = performance.now();
  child.kill("SIGINT");
  await closed;
  ends.push(performance.now() - asked);
}

/** @param {number[]} values */
const columns = (values) => {
  const sorted = [median(values), Math.min(...values), Math.max(...values)];
  return sorted.map((value) => value.toFixed(0).padStart(6)).join("");
};

/** @param {string} directory for files */
async function measure(directory) {
  const programs = [
    ...nodes.flatMap((node) => clones.flatMap((clone) => ringcapOn(node, clone))),
    ...others(directory),
  ];
  // The first run of a version keeps its code, and reads the files from the disk.
  for (const one of programs) await run(one);
  for (const one of programs) one.starts.length = one.ends.length = 0;
  for (let round = 0; round < Number(rounds); round++) for (const one of programs) await run(one);
  const { kernel, cpus, model } = describeMachine();
  process.stdout.write(
    `Linux ${kernel}, ${cpus} CPUs (${model}); ${rounds} rounds in turns; ms: median, least, most\n`,
  );
  process.stdout.write(`${"".padEnd(30)}   to the line, start     from SIGINT to the end\n`);
  for (const { name, starts, ends } of programs) {
    process.stdout.write(`${name.padEnd(30)}${columns(starts)}     ${columns(ends)}\n`);
  }
}

if (inside === undefined) {
  const pair = new VethPair(`ringcap-start-${process.pid}`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
  process.once("exit", () => pair.destroy());
  const words = ["netns", "exec", pair.receiver, process.execPath, ...process.argv.slice(1)];
  process.exitCode = spawnSync("ip", words, { stdio: "inherit", env: { ...process.env, [INSIDE]: "1" } }).status ?? 1;
} else {
  const directory = mkdtempSync(join(tmpdir(), "ringcap-start-"));
  try {
    await measure(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
