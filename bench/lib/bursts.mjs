// Rings of several sizes against a burst of a million frames: while user space runs, and while it stands still, where
// the ring alone decides what is kept.
import { VethPair } from "../../scripts/lib/veth.mjs";
import { listen, ringcap } from "./listener.mjs";
import { send } from "./senders.mjs";
import { workloads } from "./workloads.mjs";

const SIZES = [1, 2, 4, 8, 16, 32, 64];
const FRAMES = 1_000_000;

/** @param {(text: string) => void} print */
export async function measureBursts(print) {
  const [flood] = workloads;
  if (flood === undefined) throw new Error("there is no workload");
  const burst = { ...flood, cycle: flood.cycle.map((run) => ({ ...run, count: FRAMES })) };
  const network = new VethPair("ringcap-bench");
  /** @type {{ mebibytes: number, lostRunning: number, keptStopped: number }[]} */
  const figures = [];
  print(
    `A burst of ${FRAMES.toLocaleString("en")} SYNs into a ring: lost while user space runs, kept while it is stopped\n`,
  );
  try {
    for (const mebibytes of SIZES) {
      const run = async (/** @type {boolean} */ stopped) => {
        const options = ["-B", String(mebibytes), "-s", "96", ...burst.filter, "-w", "/dev/null", "--json"];
        const listener = await listen(network, ringcap(...options));
        if (stopped) process.kill(listener.pid, "SIGSTOP");
        await send(network, burst);
        process.kill(listener.pid, "SIGCONT");
        return JSON.parse(await listener.stop()).packets;
      };
      const lostRunning = (await run(false)).ringDropped;
      const keptStopped = (await run(true)).written;
      figures.push({ mebibytes, lostRunning, keptStopped });
      const columns = [lostRunning, keptStopped].map((value) => value.toLocaleString("en").padStart(10));
      print(`${String(mebibytes).padStart(3)} MiB ${columns.join(" ")}\n`);
    }
  } finally {
    network.destroy();
  }
  print("\n");
  return figures;
}
