// How many packets a second replay puts through each engine: 60-byte SYNs, half of which match.
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PcapWriter } from "../dist/pcap-writer/index.js";
import { tcpFrame } from "../scripts/lib/frames.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const packets = Number(process.argv[2] ?? 2_000_000);
const file = "build/bench/replay.pcap";
mkdirSync("build/bench", { recursive: true });
const frames = [80, 81].map((port) => tcpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port }));
const writer = PcapWriter.create(file, { linkType: 1 });
for (let i = 0; i < packets; i++) {
  const frame = frames[i % 2] ?? Buffer.alloc(0);
  writer.append(1_700_000_000 + Math.floor(i / 1e6), (i % 1e6) * 1000, frame.length, frame, 0, frame.length);
}
writer.close();

const options = ["--port", "80", "--tcp-flags", "syn,!ack"];
const expression = "port 80 and tcp[13] & 18 = 2";

/** @param {string} name @param {() => { seconds: number, seen: number, written: number }} run */
function measure(name, run) {
  const { seconds, seen, written } = run();
  const rate = Math.round(seen / seconds).toLocaleString("en");
  process.stdout.write(`${name.padEnd(28)} ${rate.padStart(12)} packets/s, ${written} written\n`);
}

/** @param {string[]} words */
function replay(words) {
  const args = ["dist/bundle/main.cjs", "replay", file, "-w", "build/bench/replayed.pcap", "--json", ...words];
  const report = JSON.parse(
    execFileSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  );
  return { seconds: report.seconds, seen: report.packets.seen, written: report.packets.written };
}

for (const engine of [
  ["--hook", "xdp"],
  ["--hook", "tc"],
  ["--engine", "user"],
]) {
  const name = engine.at(-1) ?? "";
  measure(`${name}, options`, () => replay([...engine, ...options]));
  measure(`${name}, expression`, () => replay([...engine, expression]));
}
measure("tcpdump -r, expression", () => {
  const start = performance.now();
  const args = ["-r", file, "-w", "build/bench/replayed.pcap", expression];
  execFileSync("tcpdump", args, { stdio: "ignore" });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, seen: packets, written: (statSync("build/bench/replayed.pcap").size - 24) / (16 + 60) };
});
writeFileSync(file, "");
