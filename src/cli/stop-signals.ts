/** SIGINT, SIGTERM and SIGHUP end a capture in order; a further one, when that takes too long, ends the process at once. */
import { constants, fstatSync, readFileSync, statSync } from "node:fs";
import { say } from "./messages.ts";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** So close together they are one wish: timeout(1) signals the process and its group, npm passes on what the terminal sent. */
const SAME_WISH_MILLISECONDS = 300;

/** Calls back at the first signal. Under nohup(1), SIGHUP does nothing. */
export function onStopSignal(stop: () => void): void {
  let stoppedAt: number | undefined;
  const onSignal = () => {
    if (stoppedAt === undefined) {
      stoppedAt = performance.now();
      stop();
    } else if (performance.now() - stoppedAt > SAME_WISH_MILLISECONDS) {
      say("ringcap: stopped before everything was written");
      process.exit(1);
    }
  };
  const nohup = startedByNohup();
  for (const signal of STOP_SIGNALS) process.on(signal, nohup && signal === "SIGHUP" ? () => {} : onSignal);
}

/**
 * Node.js resets the signals that its parent ignored, so that nohup(1) shows only in the standard input that it leaves
 * in the place of a terminal: /dev/null, opened for writing alone.
 */
function startedByNohup(): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync("/proc/self/fdinfo/0", "utf8"))?.[1] ?? "0";
  const access = Number.parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR);
  if (access !== constants.O_WRONLY) return false;
  return fstatSync(0).rdev === statSync("/dev/null").rdev;
}
