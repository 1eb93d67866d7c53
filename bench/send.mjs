// ringcap send beside tcpreplay, over the same veth, in turns and in one run: 60-byte SYNs, 1514-byte frames and an IMIX,
// to an other end that drops every frame in an XDP program, and to one whose network stack takes them (GRO). Then how
// far from their times paced frames arrive, by the stamps of a capture there.
//
//   node bench/send.mjs            5 rounds of everything
//   node bench/send.mjs 3 --json   rounds; one JSON object instead of the tables
//   node bench/send.mjs xdp        only a part: xdp, stack (the two other ends) or pace
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCapture } from "../dist/pcap-parser/index.js";
import { PcapWriter } from "../dist/pcap-writer/index.js";
import { tcpFrame } from "../scripts/lib/frames.mjs";
import { VethPair } from "../scripts/lib/veth.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const rounds = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 5);
const json = process.argv.includes("--json");
const parts = process.argv.slice(2).filter((word) => ["xdp", "stack", "pace"].includes(word));
/** @param {string} part */
const isWanted = (part) => parts.length === 0 || parts.includes(part);
const main = [process.execPath, join(root, "dist/bundle/main.cjs")];

const FRAMES = 12_000;
/** @type {Record<string, number[]>} bytes of the frames, in turn; the IMIX is 7 of 60, 4 of 570 and 1 of 1514 */
const workloads = {
  "60-byte SYNs": [60],
  "1514-byte frames": [1514],
  IMIX: [60, 570, 60, 60, 570, 60, 1514, 60, 570, 60, 570, 60],
};

/** @param {string} file @param {number} loop @param {string[]} options */
const ringcap = (file, loop, ...options) => [
  ...[...main, "send", file, "-i", "v1", "--topspeed", "--loop", String(loop), "--json", "-q"],
  ...options,
];
/** @param {string} file @param {number} loop @param {string[]} options */
const tcpreplay = (file, loop, ...options) => [
  ...["tcpreplay", "--quiet", "--topspeed", `--loop=${loop}`, "-i", "v1"],
  ...options,
  file,
];
/** How often each sends the file, so that it takes some half a second, and how.
 * @type {Record<string, { loop: number, command: (file: string, loop: number) => string[] }>} */
const tools = {
  "tcpreplay --topspeed": { loop: 50, command: tcpreplay },
  "tcpreplay --topspeed --preload-pcap": {
    loop: 50,
    command: (file, loop) => tcpreplay(file, loop, "--preload-pcap"),
  },
  "ringcap send --topspeed": { loop: 600, command: ringcap },
  "ringcap send --topspeed --engine socket": {
    loop: 50,
    command: (file, loop) => ringcap(file, loop, "--engine", "socket"),
  },
};

const network = new VethPair("ringcap-bench-send");
const directory = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "ringcap-bench-"));
process.on("exit", () => {
  network.destroy();
  rmSync(directory, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/** @param {string} name @param {readonly number[]} lengths @param {number} frames @param {number} gap ns */
function writeFile(name, lengths, frames, gap) {
  const path = join(directory, `${name}.pcap`);
  const writer = PcapWriter.create(path, { linkType: 1, precision: "nano" });
  const syn = tcpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port: 80 });
  for (let i = 0; i < frames; i++) {
    const frame = Buffer.alloc(lengths[i % lengths.length] ?? 60);
    frame.set(syn);
    const time = i * gap;
    writer.append(1_700_000_000 + Math.floor(time / 1e9), time % 1e9, frame.length, frame, 0, frame.length);
  }
  writer.close();
  return path;
}

/** Frames that v0 received, those included that its XDP program dropped. */
function received() {
  const text = network.run(network.receiver, "cat", "/proc/net/dev");
  return Number(/v0:\s*(.*)/.exec(text)?.[1]?.split(/\s+/)[1]);
}

/** @param {string} output @param {string} tool @returns {{ frames: number, seconds: number }} */
function ratedBy(output, tool) {
  if (tool.startsWith("ringcap")) {
    const report = JSON.parse(output);
    return { frames: report.frames.sent, seconds: report.seconds };
  }
  const [, frames, seconds] = /Actual: (\d+) packets .* sent in ([\d.]+) seconds/.exec(output) ?? [];
  return { frames: Number(frames), seconds: Number(seconds) };
}

/** @param {number[]} values */
function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** @param {string} receiver @param {string} workload @param {string} file */
function measureAll(receiver, workload, file) {
  /** @type {Record<string, { rates: number[], missing: number[] }>} */
  const results = Object.fromEntries(Object.keys(tools).map((name) => [name, { rates: [], missing: [] }]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, { loop, command }] of Object.entries(tools)) {
      const before = received();
      const { frames, seconds } = ratedBy(network.run(network.sender, ...command(file, loop)), name);
      results[name]?.rates.push(frames / seconds / 1e6);
      results[name]?.missing.push(frames - (received() - before));
    }
  }
  const base = median(results["tcpreplay --topspeed"]?.rates ?? []);
  return Object.entries(results).map(([tool, { rates, missing }]) => {
    const rate = median(rates);
    return { receiver, workload, tool, rate, ratio: rate / base, missing: Math.max(...missing) };
  });
}

/** How far the gaps between frames are from what they should be, microseconds.
 * @param {string} name @param {string[]} command @param {number} gap ns */
async function measurePace(name, command, gap) {
  const path = join(directory, "paced.pcap");
  const capture = network.spawn(network.receiver, [
    ...[...main, "capture", "-i", "v0", "--hook", "xdp-native", "--time-stamp-precision", "nano", "-w", path],
  ]);
  await new Promise((resolve, reject) => {
    let text = "";
    capture.stderr?.on("data", (chunk) => {
      text += chunk;
      if (text.includes("listening on")) resolve(undefined);
    });
    capture.once("exit", () => reject(new Error(text)));
  });
  const sender = network.spawn(network.sender, ["bash", "-c", 'TIMEFORMAT="cpu %U %S"; time "$@"', "bash", ...command]);
  let text = "";
  sender.stderr?.on("data", (chunk) => {
    text += chunk;
  });
  sender.stdout?.resume();
  await once(sender, "close");
  const ended = once(capture, "close");
  capture.kill("SIGINT");
  await ended;
  const [user = 0, system = 0] = /cpu ([\d.]+) ([\d.]+)/.exec(text)?.slice(1).map(Number) ?? [];
  /** @type {number[]} */
  const errors = [];
  let last = 0n;
  for await (const batch of await openCapture(path)) {
    for (const { number, timestamp } of batch) {
      if (number > 1) errors.push(Math.abs(Number(timestamp - last) - gap) / 1000);
      last = timestamp;
    }
  }
  errors.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => errors[Math.floor(share * (errors.length - 1))] ?? Number.NaN;
  rmSync(path);
  return { name, frames: errors.length + 1, median: at(0.5), p99: at(0.99), cpu: user + system };
}

/** @param {ReturnType<typeof measureAll>} rows */
function printRates(rows) {
  process.stdout.write(`${"".padEnd(40)}   Mpps  ratio  not received (worst)\n`);
  for (const { tool, rate, ratio, missing } of rows) {
    const columns = [tool.padEnd(40), rate.toFixed(2).padStart(6), ratio.toFixed(1).padStart(6)];
    process.stdout.write(`${columns.join(" ")} ${String(missing).padStart(14)}\n`);
  }
}

/** @type {ReturnType<typeof measureAll>} */
const rates = [];
for (const receiver of ["XDP drop", "GRO and the stack"]) {
  if (!isWanted(receiver === "XDP drop" ? "xdp" : "stack")) continue;
  // Either makes a veth take live frames.
  network.run(network.receiver, "ethtool", "-K", "v0", "gro", "on");
  const dropping =
    receiver === "XDP drop"
      ? network.spawn(network.receiver, [process.execPath, join(root, "bench/lib/attach-xdp.mjs"), "v0", "drop"])
      : undefined;
  if (dropping?.stderr) await once(dropping.stderr, "data");
  for (const [workload, lengths] of Object.entries(workloads)) {
    const rows = measureAll(receiver, workload, writeFile("frames", lengths, FRAMES, 1000));
    rates.push(...rows);
    if (json) continue;
    process.stdout.write(`\n${workload}, received by ${receiver}\n`);
    printRates(rows);
  }
  if (dropping !== undefined) {
    const ended = once(dropping, "close");
    dropping.kill("SIGINT");
    await ended;
  }
}

const paces = [];
for (const [packetsPerSecond, frames] of /** @type {const} */ ([
  [1000, 2000],
  [10_000, 20_000],
  [50_000, 100_000],
])) {
  if (!isWanted("pace")) break;
  const gap = 1e9 / packetsPerSecond;
  const file = writeFile("timed", [60], frames, gap);
  const pps = String(packetsPerSecond);
  const sending = { ringcap: [...main, "send", file, "-i", "v1"], tcpreplay: ["tcpreplay", "-i", "v1"] };
  paces.push(
    await measurePace(`ringcap send --pps ${pps}`, [...sending.ringcap, "--pps", pps], gap),
    await measurePace(`ringcap send, gaps of ${gap / 1000} us`, sending.ringcap, gap),
    await measurePace(`tcpreplay --pps=${pps}`, [...sending.tcpreplay, `--pps=${pps}`, file], gap),
  );
}

const machine = { kernel: release(), cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
const version = /version: (\S+)/.exec(spawnSync("tcpreplay", ["--version"], { encoding: "utf8" }).stderr)?.[1];
if (json) {
  process.stdout.write(`${JSON.stringify({ rounds, machine, tcpreplay: version, rates, paces })}\n`);
} else {
  if (paces.length > 0) process.stdout.write(`\nPaced: the gaps between frames against what they should be\n`);
  if (paces.length > 0) process.stdout.write(`${"".padEnd(36)} frames  median us   99 % us  CPU s of 2 s\n`);
  for (const { name, frames, median: middle, p99, cpu } of paces) {
    const columns = [name.padEnd(36), String(frames).padStart(6), middle.toFixed(1).padStart(10)];
    process.stdout.write(`${columns.join(" ")} ${p99.toFixed(1).padStart(9)} ${cpu.toFixed(2).padStart(9)}\n`);
  }
  process.stdout.write(
    `\nmedians of ${rounds} rounds; Linux ${machine.kernel}, ${machine.cpus} CPUs, tcpreplay ${version}\n`,
  );
}
