// What common expressions cost at XDP, in nanoseconds a packet by BPF_PROG_TEST_RUN: beside an empty program, and beside
// the filter options that ask the same. The sizes of the programs, and what the verifier goes through to take them.
//
// node bench/expressions.mjs [--json]
import { checkOptions } from "../dist/capture/options.js";
import { CapturePrograms } from "../dist/capture/programs.js";
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

/** Nanoseconds a run, the programs in turns. @param {import("../dist/libbpf/program.js").BpfProgram[]} programs */
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
  return CapturePrograms.load(checkOptions({ filter }), "ethernet", ["capture_xdp"], new Map(), inFront);
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
      classic: compiled.raw.length,
      ebpf: ebpf.bytes.length / INSTRUCTION_SIZE,
      verified,
    },
  };
});
empty.close();

if (process.argv.includes("--json")) {
  process.stdout.write(`${JSON.stringify({ machine: describeMachine(), rows }, null, 2)}\n`);
} else {
  const machine = describeMachine();
  process.stdout.write(`Linux ${machine.kernel}, ${machine.cpus} CPUs (${machine.model}); XDP, 60 bytes, no match\n\n`);
  const header = ["expression", "empty ns", "expression ns", "options ns", "cBPF", "eBPF", "verified"];
  const cells = rows.map(({ expression, nanoseconds, instructions }) => [
    expression,
    ...[nanoseconds.empty, nanoseconds.expression, nanoseconds.options ?? "-"],
    ...[instructions.classic, instructions.ebpf, instructions.verified],
  ]);
  for (const [name, ...numbers] of [header, ...cells]) {
    process.stdout.write(`${String(name).padEnd(64)}${numbers.map((text) => String(text).padStart(14)).join("")}\n`);
  }
}
