// A flood after quiet traffic: what `ringcap watch` has of it, and what dumpcap has that writes a ring of files all the
// time, which is what people do without a flight recorder.
//
//   node bench/watch.mjs [--quiet-seconds 60] [--frames 3000000] [--rounds 1] [--tools ringcap,dumpcap]
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tcpFrame } from "../scripts/lib/frames.mjs";
import { VethPair } from "../scripts/lib/veth.mjs";
import { cpuSeconds, memory } from "./lib/process-usage.mjs";
import { send } from "./lib/senders.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { values } = parseArgs({
  options: {
    "quiet-seconds": { type: "string", default: "60" },
    frames: { type: "string", default: "3000000" },
    rounds: { type: "string", default: "1" },
    tools: { type: "string", default: "ringcap,dumpcap" },
  },
});
const quiet = Number(values["quiet-seconds"]);
const frames = Number(values.frames);
/** Packets a second of the quiet traffic. */
const QUIET_RATE = 100;
const BEFORE = 5;
const frame = tcpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port: 80 });
const SYN = "tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn";
const OF_SYNS = { letter: "w", title: "a flood", snapshotLength: 128, filter: [], expression: SYN };
const flood = { cycle: [{ frame, count: frames, matches: true, vary: true }], cycles: 1, senders: 1, ...OF_SYNS };

/** @type {Record<string, (directory: string) => string[]>} */
const commands = {
  ringcap: (directory) => [
    ...[process.execPath, "dist/bundle/main.cjs", "watch", "-i", "v0", "--port", "80", "--tcp-flags", "syn,!ack"],
    ...["--trigger", "20000/s", "--before", `${BEFORE}s`, "--after", "2s", "-w", directory, "--json"],
  ],
  dumpcap: (directory) => [
    ...["dumpcap", "-q", "-i", "v0", "-s", "128", "-f", SYN, "-w", join(directory, "x.pcapng")],
    ...["-b", "filesize:100000", "-b", "files:10"],
  ],
};

/** Packets, and the times of the first and the last one, of capture files together. @param {string[]} files */
function about(files) {
  if (files.length === 0) return { packets: 0, first: Number.NaN };
  const text = execFileSync("capinfos", ["-TrM", "-c", "-a", "-S", ...files], { encoding: "utf8" });
  const rows = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t").map(Number));
  return {
    packets: rows.reduce((sum, [, packets = 0]) => sum + packets, 0),
    first: Math.min(...rows.map(([, , first = Number.NaN]) => first).filter((first) => !Number.isNaN(first))),
  };
}

/** @param {string} directory @returns {string[]} */
function captures(directory) {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.pcapng$/.test(name))
    .map((name) => join(directory, name));
}

/** @param {string} tool */
async function round(tool) {
  const command = commands[tool];
  if (command === undefined) throw new Error(`there is no tool "${tool}"`);
  const network = new VethPair("ringcap-bench-watch");
  const directory = mkdtempSync(join(tmpdir(), "ringcap-bench-watch-"));
  try {
    // Without an XDP program a veth takes live frames only with GRO.
    network.run(network.receiver, "ethtool", "-K", "v0", "gro", "on");
    const watch = network.spawn(network.receiver, command(directory));
    let said = "";
    for (const stream of [watch.stdout, watch.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk) => {
        said += chunk;
      });
    }
    while (!/listening on|Capturing on|File: /.test(said)) await pause(20);
    const pid = watch.pid ?? 0;
    const sender = network.spawn(
      network.sender,
      [process.execPath, "dist/bundle/main.cjs", "send", "-i", "v1", "--pps", String(QUIET_RATE), "--loop", "0"].concat(
        ["-c", String(QUIET_RATE * quiet), "-q", "fixtures/syn-flood-ipv4.pcap"],
      ),
    );
    await once(sender, "close");
    const idle = cpuSeconds(pid);
    const began = Date.now() / 1000;
    const { rate } = await send(network, flood);
    await pause(4000);
    const busy = cpuSeconds(pid) - idle;
    const { peak, rings } = memory(pid);
    const written = Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
    const ended = once(watch, "close");
    watch.kill("SIGINT");
    const [code] = await ended;
    const files = captures(directory);
    const { packets, first } = about(files);
    return {
      tool,
      code,
      rate,
      idle,
      busy,
      peak,
      rings,
      written,
      files: files.length,
      packets,
      before: began - first,
      said,
    };
  } finally {
    network.destroy();
    rmSync(directory, { recursive: true, force: true });
  }
}

const columns = [
  "",
  "Mpps sent",
  "CPU s quiet",
  "CPU s flood",
  "MiB + rings",
  "MB written",
  "files",
  "packets",
  "s before",
];
const rows = [];
for (let number = 0; number < Number(values.rounds); number++) {
  for (const tool of values.tools.split(",")) {
    const result = await round(tool);
    process.stderr.write(`${tool}: exit ${result.code}\n${result.said.trimEnd().split("\n").slice(-4).join("\n")}\n`);
    rows.push([
      tool,
      (result.rate / 1e6).toFixed(2),
      result.idle.toFixed(2),
      result.busy.toFixed(2),
      `${result.peak.toFixed(0)} + ${result.rings.toFixed(0)}`,
      (result.written / 1e6).toFixed(0),
      String(result.files),
      String(result.packets),
      result.before.toFixed(2),
    ]);
  }
}
for (const row of [columns, ...rows]) process.stdout.write(`${row.map((cell) => cell.padStart(12)).join("")}\n`);
