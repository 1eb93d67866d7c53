#!/usr/bin/env -S node --inspect-port=240.0.0.1:9229
/**
 * The command's first instructions, which keep Node's inspector closed. Everything else is in
 * command-line.ts.
 *
 * Whoever reaches the inspector of a process runs code as the user of that process, which is mostly root for ringcap. The
 * option in the first line moves the inspector to an address that no host has (class E, RFC 1112 section 4), so that
 * neither a SIGUSR1 before the first instruction nor --inspect in NODE_OPTIONS can open it. All versions of Node.js know
 * that option. Only versions from 22.14 on know --disable-sigusr1.
 */
import "./user-signals.ts";
import inspector from "node:inspector";
import { fileURLToPath } from "node:url";

if (inspector.url() === undefined) {
  try {
    const { loadProgram } = await import("./load-program.ts");
    const program = loadProgram(fileURLToPath(new URL("../bundle/command-line.cjs", import.meta.url)));
    // A failed run has called few of the functions of its command.
    process.on("exit", (code) => code === 0 && program.keepCode());
    await program.run();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EMFILE")) throw error;
    process.stderr.write(
      "ringcap: error: read the program: EMFILE (Too many open files)\n" +
        "ringcap: let the process have more descriptors: `ulimit -n 1024` before it\n",
    );
    process.exitCode = 1;
  }
} else {
  inspector.close();
  process.stderr.write(
    "ringcap: error: the inspector of Node.js is open: whoever reaches its port can run code as this user\n" +
      "ringcap: start it without --inspect, also in NODE_OPTIONS, and without SIGUSR1 at its start\n",
  );
  process.exitCode = 2;
}
