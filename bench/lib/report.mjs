// The figures of all rounds as medians, and as a table.
import { DISTURBANCE_MAX } from "./measure.mjs";
import { median } from "./statistics.mjs";
import { framesMatching, framesSent } from "./workloads.mjs";

/**
 * @typedef {import("./measure.mjs").Measurement} Measurement
 * @typedef {{ tool: string, rounds: Measurement[], skipped?: string }} Series
 */

/**
 * Medians of the rounds in which nobody else used the machine, or of all when there is none; of the losses the worst of
 * all rounds.
 *
 * @param {Series} series
 */
export function summarise({ tool, rounds }) {
  const quiet = rounds.filter(({ disturbance }) => disturbance <= DISTURBANCE_MAX);
  const counted = quiet.length > 0 ? quiet : rounds;
  /** @param {keyof Measurement} key */
  const middle = (key) => median(counted.map((round) => round[key] ?? Number.NaN));
  const losses = rounds.map(({ lost }) => lost).filter((lost) => lost !== undefined);
  return {
    tool,
    rounds: rounds.length,
    quiet: quiet.length,
    pace: middle("pace"),
    rate: middle("rate"),
    bytesPerSecond: middle("bytesPerSecond"),
    lost: losses.length > 0 ? Math.max(...losses) : undefined,
    cpu: middle("cpu"),
    startCpu: middle("startCpu"),
    startTime: middle("startTime"),
    memory: median(counted.map(({ peak, rings }) => peak - rings)),
    rings: middle("rings"),
  };
}

const NAME = 18;

/**
 * Ratios are to tcpdump.
 *
 * @param {import("./workloads.mjs").Workload} workload
 * @param {readonly Series[]} all
 */
export function table(workload, all) {
  const rows = all.filter(({ rounds }) => rounds.length > 0).map(summarise);
  const reference = rows.find(({ tool }) => tool === "tcpdump");
  const lines = [
    `(${workload.letter}) ${workload.title}; ${framesMatching(workload).toLocaleString("en")} of ${framesSent(workload).toLocaleString("en")} match`,
    `${"".padEnd(NAME)}   Mpps  ratio   MB/s  lost (worst)  CPU s/Mpkt  ratio  MiB + rings  ms to start  quiet  pace`,
  ];
  for (const row of rows) {
    lines.push(
      [
        row.tool.padEnd(NAME),
        (row.rate / 1e6).toFixed(2).padStart(6),
        ratio(row.rate, reference?.rate),
        (row.bytesPerSecond / 1e6).toFixed(0).padStart(6),
        (row.lost === undefined ? "-" : row.lost.toLocaleString("en")).padStart(13),
        (row.lost === undefined ? "-" : row.cpu.toFixed(3)).padStart(11),
        row.lost === undefined ? "     -" : ratio(row.cpu, reference?.cpu),
        `${row.memory.toFixed(0).padStart(5)} + ${row.rings.toFixed(0).padStart(5)}`,
        (row.startTime * 1000).toFixed(0).padStart(11),
        `${row.quiet}/${row.rounds}`.padStart(6),
        row.pace.toFixed(2).padStart(5),
      ].join(" "),
    );
  }
  for (const { tool, skipped } of all) {
    if (skipped !== undefined) lines.push(`${tool.padEnd(NAME)} ${skipped}`);
  }
  return `${lines.join("\n")}\n`;
}

/** @param {number} value @param {number | undefined} reference */
function ratio(value, reference) {
  return (reference === undefined ? "-" : (value / reference).toFixed(2)).padStart(6);
}
