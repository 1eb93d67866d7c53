// Finds 20 heavy sources among 10 million random ones with the program in the kernel, by BPF_PROG_TEST_RUN, and compares
// its counts with exact ones: `node bench/heavy-keys.mjs [packets]`.
import { KernelCounts } from "../dist/capture/counts/kernel-counts.js";
import { checkOptions } from "../dist/capture/options.js";
import { CapturePrograms } from "../dist/capture/programs.js";
import { Rings } from "../dist/capture/rings.js";
import { tcpFrame } from "../scripts/lib/frames.mjs";

const HEAVY = 20;
const SOURCE_OFFSET = 26;
const flood = Number(process.argv[2] ?? 10_000_000);
/** The smallest and the largest share of a heavy source in all packets. */
const shares = [
  [0.001, 0.01],
  [0.0005, 0.0005],
  [0.0001, 0.0001],
];

const settings = checkOptions({ counts: { keys: ["src"] }, records: false });
const layout = { timeUnit: 1, withOrigin: false };
for (const [smallest = 0, largest = 0] of shares) {
  const rings = Rings.create(settings.ringSize);
  const counts = new KernelCounts(["src"]);
  const programs = CapturePrograms.load({ ...settings, ...layout, counts }, "ethernet", ["capture_xdp"], rings);
  const program = programs.entryPoint("capture_xdp");
  const frame = tcpFrame({ source: "10.0.0.1", destination: "198.18.0.2", port: 80 });
  const view = new DataView(frame.buffer, frame.byteOffset);
  const weights = Array.from({ length: HEAVY }, (_, heavy) => smallest * (largest / smallest) ** (heavy / (HEAVY - 1)));
  const heavyShare = weights.reduce((sum, weight) => sum + weight, 0);
  const truth = new Map();
  let random = 0;
  const began = performance.now();
  for (let packet = 0; packet < flood; packet++) {
    let at = Math.random();
    let source = 0x0b00_0000 + Math.floor(Math.random() * 0xe000_0000);
    if (at < heavyShare) {
      let heavy = 0;
      while (at >= (weights[heavy] ?? 1)) at -= weights[heavy++] ?? 1;
      source = 0x0a00_0000 + heavy;
      truth.set(`10.0.0.${heavy}`, (truth.get(`10.0.0.${heavy}`) ?? 0) + 1);
    } else random++;
    view.setUint32(SOURCE_OFFSET, source);
    program.testRun(frame);
  }
  const seconds = (performance.now() - began) / 1000;
  const { entries = [], missedAtMost, oneIn } = counts.nextWindow(HEAVY).tables.get("src") ?? {};
  for (const part of [programs, counts, rings]) part.close();
  const found = entries.filter(({ key }) => truth.has(key));
  const short = found.map(({ key, packets }) => (100 * (truth.get(key) - packets)) / truth.get(key));
  const stated = found.map(({ key, error }) => (100 * error) / truth.get(key));
  const chance = found.map(({ key, standardError }) => (100 * standardError) / truth.get(key));
  const mean = (/** @type {number[]} */ numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const [from, to] = [smallest * 100, largest * 100];
  process.stdout.write(
    `20 sources of ${from} % to ${to} %, ${random} random ones (${seconds.toFixed(0)} s), one packet in ${oneIn}: ` +
      `recall ${found.length} of 20; too small by ${mean(short).toFixed(2)} % (mean), ` +
      `${Math.max(...short).toFixed(2)} % (most), ${Math.min(...short).toFixed(2)} % (least); ` +
      `stated error ${mean(stated).toFixed(2)} %, standard error ${mean(chance).toFixed(2)} % (mean); ` +
      `not listed: at most ${missedAtMost} packets\n`,
  );
}
