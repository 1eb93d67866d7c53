// What a packet costs in the kernel program, in nanoseconds, by BPF_PROG_TEST_RUN: without a match, with one, and with
// small and large sets of ports and networks. Medians of 9 runs of a million each.
import { checkOptions } from "../dist/capture/options.js";
import { CapturePrograms, createRings } from "../dist/capture/programs.js";
import { tcpFrame } from "../scripts/lib/frames.mjs";

const repeat = 1_000_000;
const runs = 9;
const frame = tcpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port: 80 });

/** @param {number} count */
const networks = (count) => Array.from({ length: count }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);

/** @type {[string, import("../dist/index.js").FilterOptions][]} */
const filters = [
  ["no match: another protocol", { protocol: "udp" }],
  ["no match: 1 port", { destinationPort: "81" }],
  ["no match: 65,535 ports", { destinationPort: "0-79,81-65535" }],
  ["no match: SYN of 1 port", { destinationPort: "81", tcpFlags: "syn,!ack" }],
  ["no match: 1 network", { sourceNetwork: networks(1) }],
  ["no match: 100,000 networks", { sourceNetwork: networks(100_000) }],
  // The ring fills up within the first run: what is measured is a match without room.
  ["match, and the ring is full", { destinationPort: "80", tcpFlags: "syn,!ack" }],
];

for (const [name, filter] of filters) {
  const settings = checkOptions({ filter, bufferSize: 1 });
  const rings = createRings(settings);
  const programs = CapturePrograms.load(settings, "ethernet", ["capture_xdp"], rings);
  const program = programs.entryPoint("capture_xdp");
  const durations = Array.from({ length: runs }, () => program.testRun(frame, { repeat }).duration).sort(
    (a, b) => a - b,
  );
  process.stdout.write(`${name.padEnd(32)} ${String(durations[runs >> 1]).padStart(4)} ns\n`);
  programs.close();
  for (const ring of rings.values()) ring.close();
}
