/**
 * Closes terminals that are gone when the process ends, such as those of an SSH session that broke, or of a window that
 * was closed. At its end, Node.js restores the settings of each terminal among its standard streams, and aborts with a
 * core dump where that fails (ResetStdio() of src/node.cc). It skips a descriptor that is closed.
 */
import { closeSync } from "node:fs";
import { isatty } from "node:tty";
import { isTerminal } from "../outputs/index.ts";

const STANDARD_STREAMS = [0, 1, 2] as const;

/** Prepares the closing. It is called at the start, while the terminals are there. */
export function closeLostTerminals(): void {
  const terminals = STANDARD_STREAMS.filter((fd) => isTerminal(fd));
  process.on("exit", () => {
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
  });
}
