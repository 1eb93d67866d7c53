// One tool on one workload, once: start it, send, stop it, count what it kept.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pace } from "./pace.mjs";
import { cpuSeconds, memory } from "./process-usage.mjs";
import { send } from "./senders.mjs";
import { bytesSent, framesMatching, framesSent } from "./workloads.mjs";

/**
 * @typedef {object} Measurement
 * @property {number} rate frames a second that were sent while it captured
 * @property {number} disturbance share of the machine that others had meanwhile
 * @property {number} pace how much longer than ever the slowest CPU took for the same work, right before or after
 * @property {number} bytesPerSecond the same in bytes, less the share that was lost
 * @property {number | undefined} lost matching frames that are not in the file
 * @property {number} cpu seconds of CPU a million frames that were not lost, from when it listens to its end
 * @property {number} startCpu seconds of CPU until it listens
 * @property {number} startTime seconds until it listens
 * @property {number} peak MiB resident at most
 * @property {number} rings MiB of them are rings shared with the kernel
 */

/** The share of the machine that others may have in a round that counts. */
export const DISTURBANCE_MAX = 0.04;

/** Resolves when a listener and the packets in its way have come to rest: its CPU time stands still. @param {number} pid */
async function settled(pid) {
  // libpcap hands on a block that is not full after a second.
  await pause(1200);
  let before = -1;
  for (let i = 0; i < 100; i++) {
    await pause(150);
    const now = cpuSeconds(pid);
    if (now - before < 0.004) return;
    before = now;
  }
}

/**
 * @param {import("../../scripts/lib/veth.mjs").VethPair} network
 * @param {import("./workloads.mjs").Workload} workload
 * @param {import("./tools.mjs").Tool} tool
 * @param {string[]} command
 * @param {string} file that the command writes, alone in its directory, or several of which this is the template
 * @param {() => void} beforeSending
 * @returns {Promise<Measurement>}
 */
export async function measure(network, workload, tool, command, file, beforeSending) {
  // bash's `time` knows the CPU time of what it ran, its last flush included.
  const timed = ["bash", "-c", 'TIMEFORMAT="cpu %U %S"; time "$@"', "bash", ...command];
  const began = performance.now();
  const shell = network.spawn(network.receiver, timed, { stdio: ["pipe", "pipe", "pipe"] });
  let text = "";
  /** @type {Promise<void>} */
  const listening = new Promise((resolve, reject) => {
    const read = (/** @type {string} */ chunk) => {
      text += chunk;
      if (tool.ready.test(text)) resolve();
    };
    shell.stderr?.setEncoding("utf8").on("data", read);
    shell.stdout?.setEncoding("utf8").on("data", read);
    shell.once("exit", () => reject(new Error(`${tool.name} ended early: ${text}`)));
    if (tool.ready.test("")) shell.once("spawn", () => resolve());
  });
  const ended = once(shell, "close");
  ended.catch(() => {});
  await listening;
  const startTime = (performance.now() - began) / 1000;
  const pid = await childOf(shell.pid ?? 0);
  const startCpu = cpuSeconds(pid);
  // Some say so shortly before they do.
  await pause(200);
  let paceBefore = 1;
  const { rate, disturbance } = await send(network, workload, pid, () => {
    paceBefore = pace();
    beforeSending();
  });
  await settled(pid);
  const paceAfter = pace();
  const { peak, rings } = memory(pid);
  process.kill(pid, "SIGINT");
  await ended;
  const [user = 0, system = 0] = /cpu ([\d.]+) ([\d.]+)/.exec(text)?.slice(1).map(Number) ?? [];
  const files = readdirSync(dirname(file)).map((name) => join(dirname(file), name));
  const lost = tool.captures ? framesMatching(workload) - packetsIn(files) : undefined;
  for (const path of files) rmSync(path);
  return {
    rate,
    disturbance,
    pace: Math.max(paceBefore, paceAfter),
    bytesPerSecond: (rate * bytesSent(workload) * (1 - (lost ?? 0) / framesMatching(workload))) / framesSent(workload),
    lost,
    cpu: ((user + system - startCpu) / (framesSent(workload) - (lost ?? 0))) * 1e6,
    startCpu,
    startTime,
    peak,
    rings,
  };
}

/** The process that bash runs. @param {number} shell */
async function childOf(shell) {
  for (;;) {
    try {
      return Number(execFileSync("pgrep", ["-P", String(shell)], { encoding: "utf8" }).split("\n")[0]);
    } catch {
      await pause(10);
    }
  }
}

/** As capinfos counts them in all files together. @param {string[]} files */
function packetsIn(files) {
  if (files.length === 0) return 0;
  const text = execFileSync("capinfos", ["-M", "-c", ...files], { encoding: "utf8" });
  return [...text.matchAll(/Number of packets:\s+(\d+)/g)].reduce((sum, [, packets]) => sum + Number(packets), 0);
}
