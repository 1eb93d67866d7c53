// What is sent, and which of it a tool is asked to keep.
import { tcpFrame, udpFrame } from "../../scripts/lib/frames.mjs";

/**
 * A run of copies of one frame. `matches` says whether the filter of the workload takes it.
 *
 * @typedef {{ frame: Buffer, count: number, matches: boolean, vary?: boolean }} Run
 */

/**
 * @typedef {object} Workload
 * @property {string} letter
 * @property {string} title
 * @property {Run[]} cycle the runs, sent one after the other
 * @property {number} cycles how often the cycle is sent, by all senders together
 * @property {number} senders CPUs that send
 * @property {number} snapshotLength bytes; 0: all
 * @property {string[]} filter ringcap's options
 * @property {string} expression the same for libpcap
 * @property {boolean} [drop] ringcap takes the matches off the wire
 */

const syn = tcpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port: 80 });
const other = tcpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port: 81 });
const full = tcpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port: 80, flags: 0x10, payload: 1460 });
// Only the destination: source ports are random.
const synFilter = ["--dst-port", "80", "--tcp-flags", "syn,!ack"];
const synExpression = "tcp dst port 80 and tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn";
const flood = { cycle: [{ frame: syn, count: 3_000_000, matches: true, vary: true }], cycles: 1, senders: 1 };
const ofSyns = { snapshotLength: 96, filter: synFilter, expression: synExpression };

/** Frames of 60, 590 and 1514 bytes as 7 to 4 to 1, of which the ports that are asked for have two thirds. */
function imix() {
  return [
    { payload: 0, count: 7000 },
    { payload: 548, count: 4000 },
    { payload: 1472, count: 1000 },
  ].flatMap(({ payload, count }) =>
    [443, 8050, 9000].map((port) => ({
      frame: udpFrame({ source: "192.0.2.1", destination: "198.18.0.2", port, payload }),
      count: Math.round((count * 100) / 3),
      matches: port !== 9000,
    })),
  );
}

/** @type {readonly Workload[]} */
export const workloads = [
  { letter: "a", title: "3,000,000 SYNs of 60 bytes, all matching, -s 96", ...flood, ...ofSyns },
  { letter: "b", title: "the same, matches dropped from the wire", ...flood, ...ofSyns, drop: true },
  {
    letter: "c",
    title: "3,000,000 frames of 60 bytes, 1 in 1,000 matching, -s 96",
    cycle: [
      { frame: other, count: 999_000, matches: false, vary: true },
      { frame: syn, count: 1000, matches: true, vary: true },
    ],
    cycles: 3,
    senders: 1,
    ...ofSyns,
  },
  {
    letter: "d",
    title: "1,000,000 frames of 1514 bytes, all matching, -s 0",
    cycle: [{ frame: full, count: 1_000_000, matches: true }],
    cycles: 1,
    senders: 1,
    snapshotLength: 0,
    filter: ["--port", "80"],
    expression: "tcp port 80",
  },
  {
    letter: "e",
    title: "IMIX of 60, 590 and 1514 bytes (7:4:1), a list of 103 ports, 2 in 3 matching, -s 256",
    cycle: imix(),
    cycles: 2,
    senders: 1,
    snapshotLength: 256,
    filter: ["--port", "80,443,8000-8100"],
    expression: "port 80 or port 443 or portrange 8000-8100",
  },
  {
    letter: "f",
    title: "3,000,000 SYNs of 60 bytes from two CPUs, all matching, -s 96",
    ...ofSyns,
    cycle: [{ frame: syn, count: 1_500_000, matches: true, vary: true }],
    cycles: 2,
    senders: 2,
  },
];

/** @param {Workload} workload */
export function framesSent({ cycle, cycles }) {
  return cycles * cycle.reduce((sum, { count }) => sum + count, 0);
}

/** @param {Workload} workload */
export function bytesSent({ cycle, cycles }) {
  return cycles * cycle.reduce((sum, { count, frame }) => sum + count * frame.length, 0);
}

/** @param {Workload} workload */
export function framesMatching({ cycle, cycles }) {
  return cycles * cycle.reduce((sum, { count, matches }) => sum + (matches ? count : 0), 0);
}
