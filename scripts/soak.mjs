// Runs `ringcap watch` for a long time beside floods, and shows whether it grows: memory, JavaScript heap, descriptors.
//
//   node scripts/soak.mjs [--minutes 60] [--incidents 50] [--rows 60]
//
// It needs root. Everything happens in two network namespaces and a temporary directory of its own.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { VethPair } from "./lib/veth.mjs";

const PORT = 9100;
const FLOOD_RATE = 50_000;
/** Seconds without a flood after which an incident ends. */
const AFTER = 1;
/** A flood takes this share of the time between two of them, so that each one is an incident. */
const FLOOD_SHARE = 0.25;
const FLOOD_SECONDS_MAX = 10;

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    incidents: { type: "string", default: "50" },
    rows: { type: "string", default: "60" },
  },
});
const [minutes = 0, incidents = 0, rows = 0] = [values.minutes, values.incidents, values.rows].map(Number);
const seconds = minutes * 60;
const period = seconds / incidents;
if (!(period > 4 * AFTER && rows > 0)) throw new Error(`${incidents} incidents do not fit into ${minutes} minutes`);

const network = new VethPair("ringcap-soak");
const directory = mkdtempSync(join(tmpdir(), "ringcap-soak-"));
process.on("exit", () => {
  network.destroy();
  rmSync(directory, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

const ringcap = [process.execPath, "dist/bundle/main.cjs"];
const rule = ["--trigger", "10000/s", "--before", "2s", "--after", `${AFTER}s`, "--keep-incidents", "5"];
const options = ["-i", "v0", ...rule, "--metrics", String(PORT), "--json", "-w", directory];
const watch = network.spawn(network.receiver, [...ringcap, "watch", ...options]);
let events = "";
let messages = "";
watch.stdout?.setEncoding("utf8").on("data", (chunk) => {
  events += chunk;
});
const listening = new Promise((resolve, reject) => {
  watch.stderr?.setEncoding("utf8").on("data", (chunk) => {
    messages += chunk;
    if (/^(<\d>)?listening on /m.test(messages)) resolve(undefined);
  });
  watch.once("exit", (code) => reject(new Error(`ringcap watch ended early with ${code}:\n${messages}`)));
});
const ended = once(watch, "close");
await listening;

const fetchScript = `fetch("http://127.0.0.1:${PORT}/metrics").then(async (answer) => console.log(await answer.text()))`;

function sample() {
  const status = readFileSync(`/proc/${watch.pid}/status`, "utf8");
  const metrics = execFileSync("ip", ["netns", "exec", network.receiver, process.execPath, "-e", fetchScript], {
    encoding: "utf8",
  });
  const metric = (/** @type {string} */ name) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(metrics)?.[1]);
  return {
    incidents: metric("ringcap_incidents_total"),
    resident: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024,
    heap: metric("nodejs_heap_size_used_bytes") / 2 ** 20,
    descriptors: readdirSync(`/proc/${watch.pid}/fd`).length,
    cpu: metric("process_cpu_seconds_total"),
  };
}

const start = performance.now();
const elapsed = () => (performance.now() - start) / 1000;

async function flood() {
  const count = Math.round(Math.min(period * FLOOD_SHARE, FLOOD_SECONDS_MAX) * FLOOD_RATE);
  const how = ["-i", "v1", "--pps", String(FLOOD_RATE), "--loop", "0", "-c", String(count), "-q"];
  const sender = network.spawn(network.sender, [...ringcap, "send", ...how, "fixtures/syn-flood-ipv4.pcap"]);
  const [code] = await once(sender, "close");
  if (code !== 0) throw new Error(`the flood ended with ${code}`);
}

async function floods() {
  for (let number = 0; number < incidents; number++) {
    await pause(Math.max(0, ((number + 0.5) * period - elapsed()) * 1000));
    await flood();
  }
}

async function table() {
  const columns = ["minutes", "incidents", "RSS MiB", "heap MiB", "descriptors", "CPU s"];
  const print = (/** @type {readonly (string | number)[]} */ cells) =>
    process.stdout.write(`${cells.map((cell) => String(cell).padStart(11)).join(" ")}\n`);
  print(columns);
  for (let row = 0; row <= rows; row++) {
    await pause(Math.max(0, ((row / rows) * seconds - elapsed()) * 1000));
    const { incidents: count, resident, heap, descriptors, cpu } = sample();
    print([(elapsed() / 60).toFixed(1), count, resident.toFixed(1), heap.toFixed(1), descriptors, cpu.toFixed(1)]);
  }
}

await Promise.all([floods(), table()]);
watch.kill("SIGINT");
const [code] = await ended;
const last = events.trimEnd().split("\n").at(-1);
process.stdout.write(`ringcap watch ended with ${code}: ${last}\n`);
process.exitCode = code === 0 ? 0 : 1;
