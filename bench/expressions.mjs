// What common expressions cost at XDP, in nanoseconds a packet by BPF_PROG_TEST_RUN: beside an empty program, and beside
// the filter options that ask the same. The sizes of the programs, and what the verifier goes through to take them.
//
// node bench/expressions.mjs [--json]
import { checkOptions } from "../dist/capture/options.js";
import { CapturePrograms } from "../dist/capture/programs.js";
import { Rings } from "../dist/capture/rings.js";
import { compileToEbpf } from "../dist/filter/ebpf/compile.js";
import { INSTRUCTION_SIZE } from "../dist/filter/ebpf/opcodes.js";
import { compileExpression } from "../dist/filter/expression.js";
import { tcpFrame } from "../scripts/lib/frames.mjs";
import { loadBaseline } from "./lib/baseline-program.mjs";
import { describeMachine } from "./lib/machine.mjs";
import { median } from "./lib/statistics.mjs";

const ROUNDS = 7;
const REPEAT = 1_000_000;
const ETHERNET = 1;

/** A SYN to port 8080, which none of the expressions matches. */
const frame = tcpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port: 8080 });

/** @typedef {import("../dist/index.js").FilterOptions} FilterOptions */

/** An expression, and the filter options that ask the same, where there are any. @type {[string, FilterOptions?][]} */
const questions = [
  ["tcp dst port 80", { protocol: "tcp", destinationPort: "80" }],
  ["udp port 53", { protocol: "udp", port: "53" }],
  ["icmp or icmp6", { protocol: "icmp,icmp6" }],
  ["host 10.1.2.3", { host: "10.1.2.3" }],
  ["net 10.0.0.0/8", { network: "10.0.0.0/8" }],
  ["tcp port 80 or tcp port 443", { protocol: "tcp", port: "80,443" }],
  ["tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn and dst port 80", { tcpFlags: "syn/syn,ack", destinationPort: "80" }],
  ["tcp dst port 443 and (net 10.0.0.0/8 or ip6)"],
  ["portrange 1-1024 and not port 22"],
  ["vlan and tcp port 80"],
];

/** Long lists, which libpcap still compiles within seconds. @type {[number, (index: number) => string][]} */
const lists = [
  [300, (i) => `host 10.0.${i >> 8}.${i & 255}`],
  [2100, (i) => `dst host 2001:db8::${i.toString(16)}`],
  [580, (i) => `tcp port ${i}`],
  [880, (i) => `tcp[0:2] / ${i + 7} = ${i}`],
  [1300, (i) => `ether[${i}] = ${i & 255}`],
];

const LAYOUT = { timeUnit: 1, withOrigin: false };
const rings = Rings.create(1 << 20, []);

/** @param {[number, (index: number) => string]} list */
function measureLongest([count, entry]) {
  const expression = Array.from({ length: count }, (_, index) => entry(index + 1)).join(" or ");
  const name = `${entry(1)} or ..., ${count} of them`;
  const compiled = compileExpression(expression, ETHERNET);
  return /** @type {const} */ (["xdp", "tc-ingress"]).map((hook) => {
    const candidates = compileToEbpf(compiled.program, { hook, linkLayer: "ethernet", origin: 0 });
    const entryPoint = hook === "xdp" ? "capture_xdp" : "capture_tc_ingress";
    const inFront = { program: compiled.program, origin: 0 };
    const settings = { ...checkOptions({ filter: { expression }, bufferSize: 1 }), ...LAYOUT };
    const start = performance.now();
    const programs = CapturePrograms.load(settings, "ethernet", [entryPoint], rings, inFront);
    const milliseconds = Math.round(performance.now() - start);
    const verified = programs.entryPoint(entryPoint).describe().verifiedInstructions;
    programs.close();
    const ebpf = candidates.map(({ bytes }) => bytes.length / INSTRUCTION_SIZE).join(" / ");
    return { name, hook, classic: compiled.listing.length, ebpf, verified, milliseconds };
  });
}

/** Nanoseconds a run, the programs in turns. @param {import("../dist/native/program.js").BpfProgram[]} programs */
function measure(programs) {
  const durations = programs.map(() => /** @type {number[]} */ ([]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, program] of programs.entries()) {
      durations[index]?.push(program.testRun(frame, { repeat: REPEAT }).duration);
    }
  }
  return durations.map(median);
}

/** @param {FilterOptions} filter */
function load(filter) {
  const { expression } = filter;
  const program = expression === undefined ? undefined : compileExpression(expression, ETHERNET).program;
  const inFront = program === undefined ? undefined : { program, origin: 0 };
  const settings = { ...checkOptions({ filter, bufferSize: 1 }), ...LAYOUT };
  return CapturePrograms.load(settings, "ethernet", ["capture_xdp"], rings, inFront);
}

const empty = loadBaseline("pass");
const rows = questions.map(([expression, options]) => {
  const compiled = compileExpression(expression, ETHERNET);
  const [ebpf] = compileToEbpf(compiled.program, { hook: "xdp", linkLayer: "ethernet", origin: 0 });
  const loaded = [load({ expression }), ...(options === undefined ? [] : [load(options)])];
  const programs = loaded.map((programs) => programs.entryPoint("capture_xdp"));
  const [base = 0, asExpression = 0, asOptions = null] = measure([empty, ...programs]);
  const verified = programs[0]?.describe().verifiedInstructions ?? 0;
  for (const programs of loaded) programs.close();
  return {
    expression,
    nanoseconds: { empty: base, expression: asExpression, options: asOptions },
    instructions: {
      classic: compiled.listing.length,
      ebpf: ebpf.bytes.length / INSTRUCTION_SIZE,
      verified,
    },
  };
});
empty.close();
const longestRows = lists.flatMap(measureLongest);

if (process.argv.includes("--json")) {
  process.stdout.write(`${JSON.stringify({ machine: describeMachine(), rows, longest: longestRows }, null, 2)}\n`);
} else {
  const machine = describeMachine();
  process.stdout.write(`Linux ${machine.kernel}, ${machine.cpus} CPUs (${machine.model}); XDP, 60 bytes, no match\n\n`);
  const header = ["expression", "empty ns", "expression ns", "options ns", "cBPF", "eBPF", "verified"];
  const cells = rows.map(({ expression, nanoseconds, instructions }) => [
    expression,
    ...[nanoseconds.empty, nanoseconds.expression, nanoseconds.options ?? "-"],
    ...[instructions.classic, instructions.ebpf, instructions.verified],
  ]);
  printTable([header, ...cells]);
  process.stdout.write("\nThe longest lists; eBPF: with the bytes in a row first, and by helpers alone\n\n");
  printTable([
    ["list", "hook", "cBPF", "eBPF", "verified", "load ms"],
    ...longestRows.map(({ name, hook, classic, ebpf, verified, milliseconds }) => [
      name,
      ...[hook, classic, ebpf, verified, milliseconds],
    ]),
  ]);
}

/** @param {(string | number)[][]} rows */
function printTable(rows) {
  for (const [name, ...numbers] of rows) {
    process.stdout.write(`${String(name).padEnd(62)}${numbers.map((text) => String(text).padStart(16)).join("")}\n`);
  }
}
