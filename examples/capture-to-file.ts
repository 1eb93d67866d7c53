/**
 * Records the SYNs that come in at an interface into a pcapng file, until Ctrl-C.
 *
 *     sudo node examples/capture-to-file.ts eth0 syn.pcapng
 */
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { capture, RingcapError } from "ringcap";

const [interfaceName = "eth0", file = "syn.pcapng"] = process.argv.slice(2);

try {
  const session = await capture({
    interfaces: [interfaceName],
    filter: { tcpFlags: "syn,!ack" },
    onNote: (note) => console.error(note),
  });
  process.once("SIGINT", () => session.requestStop());
  for (const { name, hook } of session.interfaces) console.log(`capturing on ${name} (${hook})`);

  await pipeline(session.toPcapngStream(), createWriteStream(file, { mode: 0o600 }));

  const { matched, delivered } = session.counters();
  console.log(`${delivered} of ${matched} SYNs are in ${file}`);
} catch (error) {
  // An error says what was tried and what the kernel answered, and its hint what to do next.
  if (!(error instanceof RingcapError)) throw error;
  console.error(error.message);
  if (error.hint !== undefined) console.error(error.hint);
  process.exitCode = 1;
}
