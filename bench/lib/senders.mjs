// The processes that send a workload, one for each sending CPU.
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { machineUserSeconds, userSeconds } from "./process-usage.mjs";
import { framesSent } from "./workloads.mjs";

const script = fileURLToPath(new URL("send.mjs", import.meta.url));

/**
 * Sends it all. Each sender stays on its CPU, so that the scheduler does not decide who is measured.
 *
 * @param {import("../../scripts/lib/veth.mjs").VethPair} network
 * @param {import("./workloads.mjs").Workload} workload
 * @param {number} [tool] process
 * @param {() => void} [beforeSending] called when all are ready
 * @returns {Promise<{ rate: number, disturbance: number }>} frames a second, of all senders together; and the share of
 *   the machine that user code other than theirs and the tool's had meanwhile
 */
export async function send(network, workload, tool, beforeSending) {
  const { cycle, cycles, senders } = workload;
  const plan = {
    cycle: cycle.map(({ frame, count, vary = false }) => ({ frame: frame.toString("base64"), count, vary })),
    cycles: cycles / senders,
  };
  const running = Array.from({ length: senders }, (_, cpu) => {
    const command = ["taskset", "-c", String(cpu), process.execPath, script];
    const child = network.spawn(network.sender, command, { stdio: ["pipe", "pipe", "inherit"] });
    if (child.stdin === null || child.stdout === null) throw new Error("the sender has no pipes");
    return { input: child.stdin, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), child };
  });
  for (const { input } of running) input.write(`${JSON.stringify(plan)}\n`);
  for (const { lines } of running) await nextLine(lines);
  beforeSending?.();
  const others = () => machineUserSeconds() - (tool === undefined ? 0 : userSeconds(tool));
  const before = others();
  for (const { input } of running) input.end("go\n");
  /** @type {{ seconds: number, userSeconds: number }[]} */
  const results = await Promise.all(running.map(async ({ lines }) => JSON.parse(await nextLine(lines))));
  const foreign = others() - before - results.reduce((sum, result) => sum + result.userSeconds, 0);
  for (const { child } of running) if (child.exitCode === null) await once(child, "exit");
  const each = framesSent(workload) / senders;
  const longest = Math.max(...results.map(({ seconds }) => seconds));
  return {
    rate: results.reduce((sum, { seconds }) => sum + each / seconds, 0),
    disturbance: foreign / longest / availableParallelism(),
  };
}

/** @param {AsyncIterator<string>} lines */
async function nextLine(lines) {
  const { value, done } = await lines.next();
  if (done) throw new Error("the sender ended early");
  return value;
}
