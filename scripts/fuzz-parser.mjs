// Puts mutated captures through the parser and the header decoder, until one of them fails in a way that it must not.
//   node scripts/fuzz-parser.mjs [--seed 1] [--count 2000000]
// Samples are generated; the captures of fixtures/ join them. Exit code 1, with the input in hexadecimal, on a failure.
import { parseArgs } from "node:util";
import * as built from "../dist/pcap-parser/index.js";
import { everyVariant } from "./lib/capture-samples.mjs";
import { fixtureSamples, fuzz } from "./lib/parser-fuzz.mjs";
import { sampleFrames } from "./lib/sample-frames.mjs";

/** What was built is what is in src: the compiler takes them for two. */
const parser = /** @type {typeof import("../src/pcap-parser/index.ts")} */ (/** @type {unknown} */ (built));
const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "2000000" } },
});

const samples = [...everyVariant(sampleFrames()), ...fixtureSamples(1 << 16)];

let largest = 0;
const start = performance.now();
const outcomes = fuzz(parser, {
  samples,
  seed: Number(values.seed),
  count: Number(values.count),
  every: (done) => {
    largest = Math.max(largest, process.memoryUsage.rss());
    if (done % 100_000 === 0) process.stderr.write(`\r${done.toLocaleString("en")} inputs`);
  },
});
const seconds = (performance.now() - start) / 1000;
process.stdout.write(
  `\rseed ${values.seed}, ${samples.length} samples: ${outcomes.whole.toLocaleString("en")} inputs read to their end, ` +
    `${outcomes.refused.toLocaleString("en")} refused, in ${seconds.toFixed(0)} s; ` +
    `slowest ${outcomes.slowestMilliseconds.toFixed(1)} ms, memory ${Math.round(largest / 1048576)} MiB at most\n`,
);
