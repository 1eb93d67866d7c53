// Writes random sequences of pcapng blocks, reads and writes them again, mutated ones too, until one comes back different.
//   node scripts/fuzz-writer.mjs [--seed 1] [--count 200000]
// Exit code 1, with the sequence in hexadecimal, on a failure.
import { parseArgs } from "node:util";
import * as builtParser from "../dist/pcap-parser/index.js";
import * as builtWriter from "../dist/pcap-writer/index.js";
import { fuzzWriter } from "./lib/writer-fuzz.mjs";

/** What was built is what is in src: the compiler takes them for two. */
const parser = /** @type {typeof import("../src/pcap-parser/index.ts")} */ (/** @type {unknown} */ (builtParser));
const writer = /** @type {typeof import("../src/pcap-writer/index.ts")} */ (/** @type {unknown} */ (builtWriter));
const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "200000" } },
});

const start = performance.now();
const outcomes = fuzzWriter(parser, writer, {
  seed: Number(values.seed),
  count: Number(values.count),
  every: (done) => process.stderr.write(`\r${done.toLocaleString("en")} sequences`),
});
const seconds = (performance.now() - start) / 1000;
process.stdout.write(
  `\rseed ${values.seed}: ${Number(values.count).toLocaleString("en")} sequences of ` +
    `${outcomes.blocks.toLocaleString("en")} blocks came back; of as many mutated ones ` +
    `${outcomes.whole.toLocaleString("en")} were read to their end and ${outcomes.refused.toLocaleString("en")} refused, ` +
    `in ${seconds.toFixed(0)} s\n`,
);
