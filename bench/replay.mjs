// How many packets a second replay puts through each engine: 60-byte SYNs, half of which match.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
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

for (const engine of [
  ["--hook", "xdp"],
  ["--hook", "tc"],
  ["--engine", "user"],
]) {
  const options = [...engine, "--port", "80", "--tcp-flags", "syn,!ack", "-w", "build/bench/replayed.pcap", "--json"];
  const output = execFileSync(process.execPath, ["dist/cli/main.js", "replay", file, ...options], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const report = JSON.parse(output);
  const name = [report.engine, report.hook].filter(Boolean).join(" ");
  const rate = Math.round(report.packets.seen / report.seconds).toLocaleString("en");
  process.stdout.write(`${name.padEnd(12)} ${rate.padStart(12)} packets/s, ${report.packets.written} written\n`);
}
writeFileSync(file, "");
