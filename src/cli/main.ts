#!/usr/bin/env -S node --inspect-port=240.0.0.1:9229
/**
 * The command's first instructions, which keep Node's inspector closed. Everything else is in
 * command-line.ts.
 *
 * Whoever reaches the inspector of a process runs code as the user of that process, which is mostly root for ringcap. The
 * option in the first line moves the inspector to an address that no host has (class E, RFC 1112 section 4), so that
 * neither a SIGUSR1 before the first instruction nor --inspect in NODE_OPTIONS can open it. All versions of Node.js know
 * that option. Only versions from 22.14 on know --disable-sigusr1.
 *
 * The build makes a CommonJS module of this file and of what it imports, because Node.js loads one in 4 to 10 ms less.
 */
import "./user-signals.ts";
import type Inspector from "node:inspector";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { loadProgram } from "./load-program.ts";

const WITHOUT_INSPECTOR = "--inspect-port=240.0.0.1:9229";

/**
 * Closes the inspector. The module that does it takes 3 ms to load. It is not loaded where the option above is the only
 * one, because the inspector cannot be open then.
 *
 * @returns whether it was open
 */
function closeInspector(): boolean {
  const { execArgv, env } = process;
  if (execArgv.length === 1 && execArgv[0] === WITHOUT_INSPECTOR && !env.NODE_OPTIONS) return false;
  const inspector: typeof Inspector = createRequire(import.meta.url)("node:inspector");
  if (inspector.url() === undefined) return false;
  inspector.close();
  return true;
}

async function main(): Promise<void> {
  if (closeInspector()) {
    process.stderr.write(
      "ringcap: error: the inspector of Node.js is open: whoever reaches its port can run code as this user\n" +
        "ringcap: start it without --inspect, also in NODE_OPTIONS, and without SIGUSR1 at its start\n",
    );
    process.exitCode = 2;
    return;
  }
  try {
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
}

void main();
