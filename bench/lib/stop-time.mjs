// 64 interfaces: from the signal to the complete report, and to the end of the process.
import { once } from "node:events";
import { VethPair } from "../../scripts/lib/veth.mjs";
import { ringcap } from "./listener.mjs";
import { median } from "./statistics.mjs";

const PAIRS = 32;
const RUNS = 5;

/** @type {Record<string, { options: string[], without: string }>} */
const hooks = {
  "TCX, inout": { options: ["-Q", "inout"], without: "" },
  "clsact, inout": { options: ["-Q", "inout"], without: "tcx" },
  "XDP, in": { options: ["--hook", "xdp-native"], without: "" },
};

/** @param {VethPair} network @param {string[]} command @param {string} without */
async function measure(network, command, without) {
  const env = { ...process.env, RINGCAP_TEST_WITHOUT: without };
  const begin = performance.now();
  const child = network.spawn(network.receiver, command, { env });
  const ended = once(child, "close");
  let messages = "";
  child.stderr?.on("data", (chunk) => {
    messages += chunk;
    child.emit("said");
  });
  /** @param {RegExp} pattern */
  const said = async (pattern) => {
    while (!pattern.test(messages)) {
      if (child.exitCode !== null) throw new Error(`ringcap ended early: ${messages}`);
      await Promise.race([once(child, "said"), ended]);
    }
    return performance.now();
  };
  const start = (await said(/listening on/)) - begin;
  const signalled = performance.now();
  child.kill("SIGINT");
  const report = (await said(/dropped by kernel/)) - signalled;
  await ended;
  return { start, report, end: performance.now() - signalled };
}

/** @param {(text: string) => void} print */
export async function measureStop(print) {
  /** @type {Record<string, { start: number, report: number, end: number }>} */
  const figures = {};
  const network = new VethPair("ringcap-bench");
  print(`${2 * PAIRS} interfaces, medians of ${RUNS}: start, from SIGINT to the report, to the end of the process\n`);
  try {
    const names = Array.from({ length: PAIRS }, (_, pair) => [`left${pair}`, `right${pair}`]);
    for (const [left = "", right = ""] of names) {
      network.run(network.receiver, "ip", "link", "add", left, "up", "type", "veth", "peer", "name", right);
      network.run(network.receiver, "ip", "link", "set", right, "up");
    }
    const interfaces = names.flat().flatMap((name) => ["-i", name]);
    for (const [name, { options, without }] of Object.entries(hooks)) {
      const command = ringcap(...interfaces, ...options, "-w", "/dev/null");
      /** @type {Record<"start" | "report" | "end", number[]>} */
      const runs = { start: [], report: [], end: [] };
      for (let i = 0; i < RUNS; i++) {
        const { start, report, end } = await measure(network, command, without);
        runs.start.push(start);
        runs.report.push(report);
        runs.end.push(end);
      }
      const figure = { start: median(runs.start), report: median(runs.report), end: median(runs.end) };
      figures[name] = figure;
      const columns = Object.values(figure).map((value) => `${value.toFixed(0).padStart(5)} ms`);
      print(`${name.padEnd(20)} ${columns.join(" ")}\n`);
    }
  } finally {
    network.destroy();
  }
  print("\n");
  return figures;
}
