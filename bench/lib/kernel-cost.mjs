// What a 60-byte frame costs in the kernel program, in nanoseconds, by BPF_PROG_TEST_RUN: beside a program that does
// nothing, with and without a match, with small and large sets of ports and networks.
import { KernelCounts } from "../../dist/capture/counts/kernel-counts.js";
import { checkOptions } from "../../dist/capture/options.js";
import { CapturePrograms } from "../../dist/capture/programs.js";
import { Rings } from "../../dist/capture/rings.js";
import { PacketDrain } from "../../dist/native/packet-drain.js";
import { tcpFrame } from "../../scripts/lib/frames.mjs";
import { loadBaseline } from "./baseline-program.mjs";
import { median } from "./statistics.mjs";

const RUNS = 15;
const REPEAT = 1_000_000;
const frame = tcpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port: 80 });
/** Records of them fit into the ring. */
const MATCHES = 100_000;
const RING_MIB = 16;

/** @param {number} count */
const ports = (count) => (count === 1 ? "81" : count === 65_535 ? "0-79,81-65535" : `1000-${999 + count}`);
/** @param {number} count */
const networks = (count) => Array.from({ length: count }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);

/** @typedef {import("../../dist/index.js").FilterOptions} FilterOptions */

/** Without a match. @type {[string, FilterOptions][]} */
const filters = [
  ["no match: another protocol", { protocol: "udp" }],
  ["no match: SYN of 1 port", { destinationPort: "81", tcpFlags: "syn,!ack" }],
  ...[1, 16, 256, 4096, 65_535].map(
    (count) => /** @type {[string, FilterOptions]} */ ([`no match: ${count} ports`, { destinationPort: ports(count) }]),
  ),
  ...[1, 100, 10_000, 100_000].map(
    (count) =>
      /** @type {[string, FilterOptions]} */ ([`no match: ${count} networks`, { sourceNetwork: networks(count) }]),
  ),
];

/** @typedef {import("../../dist/capture/programs.js").RecordLayout} RecordLayout */
/** @typedef {import("../../dist/index.js").TrafficKey} TrafficKey */

const PCAP = { timeUnit: 1000, withOrigin: false };

/** With a match, and with room for it in the ring. @type {[string, RecordLayout][]} */
const layouts = [
  ["match: SYN of 1 port, as pcap", PCAP],
  ["match: the same with its origin", { timeUnit: 1, withOrigin: true }],
  ["match: the same as pcapng", { timeUnit: 1, withOrigin: false, areBlocks: true }],
];

/** @type {[string, TrafficKey[]][]} */
const kinds = [
  ["dst-port", ["dst-port"]],
  ["src,dst-port", ["src", "dst-port"]],
  ["src-net,dst-port", ["src-net", "dst-port"]],
  ["five kinds", ["src", "src-net", "dst", "dst-port", "dst+port"]],
];
/** A window counts so many packets by key before it samples. */
const EXACT = 50_000;

/** @param {(text: string) => void} print */
export function measureKernel(print) {
  /** @type {Record<string, number>} */
  const figures = {};
  const report = (/** @type {string} */ name, /** @type {number} */ nanoseconds) => {
    figures[name] = nanoseconds;
    print(`${name.padEnd(40)} ${String(nanoseconds).padStart(4)} ns\n`);
  };
  print("In the kernel, XDP, a frame of 60 bytes\n");
  const empty = loadBaseline("pass");
  report("empty program", median(times(() => empty.testRun(frame, { repeat: REPEAT }).duration)));
  empty.close();
  for (const [name, filter] of filters) report(name, median(withPrograms(filter, REPEAT)));
  const matching = { destinationPort: "80", tcpFlags: "syn,!ack" };
  for (const [name, layout] of layouts) report(name, median(withPrograms(matching, MATCHES, layout)));
  const counted = (/** @type {number} */ repeat, /** @type {CountOptions} */ options) =>
    median(withPrograms(matching, repeat, PCAP, options));
  report("match: the same, and totals", counted(MATCHES, { keys: [] }));
  for (const [name, keys] of kinds) {
    report(`match: by ${name}, each packet`, counted(EXACT, { keys, isExact: true }));
    report(`match: by ${name}, in a flood`, counted(MATCHES, { keys }));
  }
  const keys = kinds[2]?.[1] ?? [];
  report("match: by src-net,dst-port, no record", counted(REPEAT, { keys, records: false }));
  print("\n");
  return figures;
}

/** @param {() => number} run */
function times(run) {
  return Array.from({ length: RUNS }, run);
}

/**
 * @typedef {object} CountOptions
 * @property {TrafficKey[]} keys by which packets are counted
 * @property {boolean} [isExact] whether each run has a window of its own, in which no packet is left out by sampling
 * @property {boolean} [records] whether matches are written into the ring
 */

/**
 * Durations of runs with an empty ring each.
 *
 * @param {FilterOptions} filter
 * @param {number} repeat
 * @param {RecordLayout} layout
 * @param {CountOptions} [options]
 */
function withPrograms(filter, repeat, layout = PCAP, options = undefined) {
  const { keys, isExact = false, records = true } = options ?? {};
  const asked = keys === undefined ? undefined : { keys };
  const settings = checkOptions({ filter, bufferSize: RING_MIB, snapshotLength: 96, counts: asked, records });
  const rings = Rings.create(settings.ringSize);
  const counts = keys === undefined ? undefined : new KernelCounts(keys);
  const programs = CapturePrograms.load({ ...settings, ...layout, counts }, "ethernet", ["capture_xdp"], rings);
  const shared = { rings: rings.all, wakeups: rings.wakeups, unit: layout.timeUnit };
  const drain = new PacketDrain({ ...shared, ...layout, epochOffset: 0n });
  const buffer = new Uint8Array(1 << 19);
  const take = () => (layout.withOrigin ? drain.drain(buffer) : drain.takeRecords(buffer));
  try {
    return times(() => {
      if (isExact) counts?.nextWindow(0);
      const { duration } = programs.entryPoint("capture_xdp").testRun(frame, { repeat });
      while (take().records > 0);
      return duration;
    });
  } finally {
    drain.close();
    programs.close();
    counts?.close();
    rings.close();
  }
}
