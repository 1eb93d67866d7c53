// How many lines packets are printed as in a second, from the fixtures: node bench/lines.mjs [--seconds 3]
// Only the making of text is measured, on one thread, without writing it, by the CPU time that it takes.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { toLineOptions } from "../dist/cli/line-options.js";
import { PacketLines } from "../dist/outputs/lines/packet-line.js";

const FIXTURES = ["syn-flood-ipv4.pcap", "syn-flood-ipv6.pcap", "handshakes.pcap", "mixture.pcap"];
const { values } = parseArgs({ options: { seconds: { type: "string", default: "3" } } });

/** @param {string} path @returns {{ data: Uint8Array, originalLength: number }[]} the packets of a little-endian pcap */
function packetsOf(path) {
  const file = readFileSync(path);
  const packets = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const length = file.readUInt32LE(at + 8);
    packets.push({ data: file.subarray(at + 16, at + 16 + length), originalLength: file.readUInt32LE(at + 12) });
    at += 16 + length;
  }
  return packets;
}

for (const name of FIXTURES) {
  const path = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  const packets = packetsOf(path);
  const lines = new PacketLines(toLineOptions({}, "micro"));
  let count = 0;
  let characters = 0;
  const before = process.cpuUsage();
  const end = performance.now() + 1000 * Number(values.seconds);
  while (performance.now() < end) {
    for (const packet of packets) {
      const text = lines.format({ ...packet, timestamp: BigInt(count) * 1000n, linkType: 1, direction: "in" });
      characters += text.length;
    }
    count += packets.length;
  }
  const { user, system } = process.cpuUsage(before);
  const rate = Math.round(count / ((user + system) / 1e6));
  const mean = Math.round(characters / count);
  process.stdout.write(`${name.padEnd(22)} ${rate} lines a second of CPU time, of ${mean} characters\n`);
}
