// What a capture on a veth costs the connections through it: a TCP stream into v0, without a capture and with one at each
// hook, in turns. Native XDP takes segmentation offload away from the other end of a veth (veth_xdp_set() of
// drivers/net/veth.c), so that a stream crosses it in frames of the MTU instead of 64 KiB at a time.
//
//   node bench/veth.mjs        5 rounds
//   node bench/veth.mjs 3
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { VethPair } from "../scripts/lib/veth.mjs";
import { describeMachine } from "./lib/machine.mjs";
import { median } from "./lib/statistics.mjs";

const rounds = Number(process.argv[2] ?? 5);
const MILLISECONDS = 1000;
const BITS = 8;
const main = fileURLToPath(new URL("../dist/bundle/main.cjs", import.meta.url));

/** @type {Record<string, string[]>} what of the stream is captured */
const filters = { "no match": ["--port", "9"], "all of it": ["--port", "5001"] };
const hooks = ["none", "tc", "xdp-generic", "xdp-native"];

/** Says that it listens, then how many bytes came in one second from the first on. */
const receiver = `
const { performance } = require("node:perf_hooks");
let bytes = 0;
let first = 0;
const take = (length) => {
  first ||= performance.now();
  bytes += length;
  const passed = performance.now() - first;
  if (passed < ${MILLISECONDS}) return true;
  console.log(bytes / passed);
  process.exit();
};
const net = require("node:net");
net.createServer({ highWaterMark: 1 << 20 }, (socket) => {
  socket.on("data", (chunk) => take(chunk.length)).on("error", () => {});
}).listen(5001, "192.0.2.2", () => console.log("listening"));
`;
const sender = `
const socket = require("node:net").connect(5001, "192.0.2.2");
const block = Buffer.alloc(1 << 20);
const fill = () => { while (socket.write(block)); };
socket.on("connect", fill).on("drain", fill).on("error", () => {});
`;

const pair = new VethPair(`ringcap-veth-${process.pid}`);
process.once("exit", () => pair.destroy());
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
for (const [namespace, device, address] of [
  [pair.sender, "v1", "192.0.2.1/24"],
  [pair.receiver, "v0", "192.0.2.2/24"],
]) {
  execFileSync("ip", ["-n", String(namespace), "address", "add", String(address), "dev", String(device)]);
}

/** @returns {Promise<number>} Gbit/s */
async function stream() {
  const server = pair.spawn(pair.receiver, [process.execPath, "-e", receiver]);
  await once(/** @type {import("node:stream").Readable} */ (server.stdout), "data");
  const client = pair.spawn(pair.sender, [process.execPath, "-e", sender]);
  const [line] = await once(/** @type {import("node:stream").Readable} */ (server.stdout), "data");
  const ended = once(client, "close");
  client.kill("SIGKILL");
  await ended;
  // Bytes in a millisecond.
  return (Number(line) * BITS) / 1e6;
}

/** @param {string} hook @param {string[]} filter */
async function measure(hook, filter) {
  if (hook === "none") return stream();
  const words = [process.execPath, main, "-i", "v0", "--hook", hook, ...filter, "-w", "/dev/null"];
  const capture = pair.spawn(pair.receiver, words);
  const closed = once(capture, "close");
  await once(/** @type {import("node:stream").Readable} */ (capture.stderr), "data");
  const speed = await stream();
  capture.kill("SIGINT");
  await closed;
  return speed;
}

const { kernel, cpus, model, node } = describeMachine();
process.stdout.write(
  `Linux ${kernel}, ${cpus} CPUs (${model}), Node.js ${node}; ${rounds} rounds, Gbit/s: median (range)\n`,
);
/** @type {Map<string, number[]>} */
const results = new Map();
for (let round = 0; round < rounds; round++) {
  for (const [name, filter] of Object.entries(filters)) {
    for (const hook of hooks) {
      const key = `${name}, ${hook}`;
      results.set(key, [...(results.get(key) ?? []), await measure(hook, filter)]);
    }
  }
}
for (const [key, values] of results) {
  const range = `${Math.min(...values).toFixed(1)}-${Math.max(...values).toFixed(1)}`;
  process.stdout.write(`${key.padEnd(24)} ${median(values).toFixed(1).padStart(6)} (${range})\n`);
}
