/**
 * Prints every second who sends most TCP to an interface, until Ctrl-C. The kernel counts, and no packet leaves it.
 *
 *     sudo node examples/live-statistics.ts eth0
 */
import { setTimeout as pause } from "node:timers/promises";
import { capture } from "ringcap";

const [interfaceName = "eth0"] = process.argv.slice(2);

const session = await capture({
  interfaces: [interfaceName],
  filter: { protocol: "tcp" },
  counts: { keys: ["src"] },
  records: false,
});
const stopped = new AbortController();
process.once("SIGINT", () => stopped.abort());
for (const { name, hook } of session.interfaces) console.log(`counting on ${name} (${hook})`);

while (!stopped.signal.aborted) {
  await pause(1000, undefined, { signal: stopped.signal }).catch(() => {});
  const window = session.counts?.nextWindow(5);
  for (const { key, packets, syns } of window?.tables.get("src")?.entries ?? []) {
    console.log(`${key.padEnd(39)} ${packets} packets, ${syns} SYNs`);
  }
}
await session.stop();
console.log(session.counters());
