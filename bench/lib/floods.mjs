// The workloads: every tool in turns, in one run, over one veth.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { VethPair } from "../../scripts/lib/veth.mjs";
import { DISTURBANCE_MAX, measure } from "./measure.mjs";
import { steadyPace } from "./pace.mjs";
import { WarmMemory } from "./warm-memory.mjs";
import { bytesSent, framesSent } from "./workloads.mjs";

const ATTEMPTS = 3;
/** What file headers and the tools themselves need beside the packets. */
const SPARE_BYTES = 256 * 2 ** 20;
/** A record's header in a capture file, at most. */
const RECORD_OVERHEAD = 40;

/**
 * @param {import("./workloads.mjs").Workload} workload
 * @param {readonly import("./tools.mjs").Tool[]} tools
 * @param {number} rounds
 * @param {string} parent where the files of the tools go
 * @returns {Promise<import("./report.mjs").Series[]>}
 */
export async function runWorkload(workload, tools, rounds, parent) {
  /** @type {import("./report.mjs").Series[]} */
  const all = tools.map(({ name }) => ({ tool: name, rounds: [] }));
  const directory = mkdtempSync(join(parent, "ringcap-bench-"));
  const memory = new WarmMemory();
  const needed = bytesSent(workload) + framesSent(workload) * RECORD_OVERHEAD + SPARE_BYTES;
  const network = new VethPair("ringcap-bench", workload.senders);
  const cleanUp = () => {
    network.destroy();
    memory.end();
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", cleanUp);
  try {
    // Without an XDP program a veth takes live frames only with GRO.
    network.run(network.receiver, "ethtool", "-K", "v0", "gro", "on");
    for (let round = 0; round < rounds; round++) {
      for (const [index, tool] of tools.entries()) {
        const series = all[index];
        if (series === undefined || series.skipped !== undefined) continue;
        const file = join(directory, "flood.pcap");
        const command = tool.missing() ?? tool.command(workload, file);
        if (typeof command === "string") {
          series.skipped = command;
          continue;
        }
        process.stderr.write(`(${workload.letter}) round ${round + 1} of ${rounds}: ${tool.name}`);
        try {
          const result = await undisturbed(() => {
            memory.hold(needed);
            return measure(network, workload, tool, command, file, () => memory.release());
          });
          series.rounds.push(result);
          process.stderr.write(
            `: ${(result.rate / 1e6).toFixed(2)} Mpps, ${result.lost ?? "-"} lost, pace ${result.pace.toFixed(2)}\n`,
          );
        } catch (error) {
          const message = error instanceof Error ? error.message.trim() : String(error);
          process.stderr.write(`: ${message}\n`);
          series.skipped = message.split("\n", 2).join(" ");
        }
      }
    }
  } finally {
    process.removeListener("exit", cleanUp);
    cleanUp();
  }
  return all;
}

/**
 * Measures again, a few times, while other processes take part of the machine: the quietest time counts. Neighbours that
 * the machine does not see are only waited for.
 *
 * @param {() => Promise<import("./measure.mjs").Measurement>} run
 */
async function undisturbed(run) {
  await steadyPace();
  let quietest = await run();
  for (let i = 1; i < ATTEMPTS && quietest.disturbance > DISTURBANCE_MAX; i++) {
    process.stderr.write(` (disturbed: ${(quietest.disturbance * 100).toFixed(0)} %)`);
    await steadyPace();
    const next = await run();
    if (next.disturbance < quietest.disturbance) quietest = next;
  }
  return quietest;
}
