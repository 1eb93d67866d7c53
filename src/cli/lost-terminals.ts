/**
 * Terminals that are gone when the process ends: the connection of an SSH session that broke, a window that was closed.
 * Node.js gives each terminal of its standard streams the settings back that it had, and aborts with a core dump where that
 * fails (ResetStdio() of src/node.cc); it passes over a descriptor that is closed.
 */
import { closeSync } from "node:fs";
import { isatty } from "node:tty";

const STANDARD_STREAMS = [0, 1, 2] as const;

/** To be called at the start, while the terminals are there. */
export function closeLostTerminals(): void {
  const terminals = STANDARD_STREAMS.filter((fd) => isatty(fd));
  process.on("exit", () => {
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
  });
}
