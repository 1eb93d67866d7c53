// From the start of the process to `listening on`.
import { VethPair } from "../../scripts/lib/veth.mjs";
import { listen, ringcap } from "./listener.mjs";
import { cpuSeconds } from "./process-usage.mjs";
import { median } from "./statistics.mjs";

const RUNS = 15;

/** @type {Record<string, string[]>} */
const commands = {
  ringcap: ringcap("--port", "80", "--tcp-flags", "syn,!ack", "-w", "/dev/null"),
  "ringcap --hook tc": ringcap("--port", "80", "--hook", "tc", "-w", "/dev/null"),
  // It would give the device to a user of its own.
  tcpdump: ["tcpdump", "-n", "-Z", "root", "-i", "v0", "-w", "/dev/null", "tcp port 80"],
};

/** @param {(text: string) => void} print */
export async function measureStart(print) {
  /** @type {Record<string, { milliseconds: number, worst: number, cpuMilliseconds: number }>} */
  const figures = {};
  const network = new VethPair("ringcap-bench");
  print(`From the start to "listening on", ${RUNS} starts: median, worst, CPU\n`);
  try {
    for (const [name, command] of Object.entries(commands)) {
      /** @type {number[]} */
      const durations = [];
      /** @type {number[]} */
      const cpu = [];
      for (let i = 0; i < RUNS; i++) {
        const start = performance.now();
        const listener = await listen(network, command);
        durations.push(performance.now() - start);
        cpu.push(cpuSeconds(listener.pid) * 1000);
        await listener.stop();
      }
      const figure = { milliseconds: median(durations), worst: Math.max(...durations), cpuMilliseconds: median(cpu) };
      figures[name] = figure;
      const columns = [figure.milliseconds, figure.worst, figure.cpuMilliseconds];
      print(`${name.padEnd(20)} ${columns.map((value) => `${value.toFixed(0).padStart(5)} ms`).join(" ")}\n`);
    }
  } finally {
    network.destroy();
  }
  print("\n");
  return figures;
}
