/** SIGINT, SIGTERM and SIGHUP end a capture in order; a second one ends the process at once. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { say } from "./messages.ts";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls back at the first signal. A signal that was ignored at the start, as SIGHUP under nohup(1), stays ignored. */
export function onStopSignal(stop: () => void): void {
  let stopping = false;
  for (const signal of STOP_SIGNALS.filter((name) => !isIgnored(constants.signals[name]))) {
    process.on(signal, () => {
      if (stopping) {
        say("ringcap: stopped before everything was written");
        process.exit(1);
      }
      stopping = true;
      stop();
    });
  }
}

/** proc_pid_status(5): SigIgn is a mask in hexadecimal, bit 0 being signal 1. */
function isIgnored(signal: number): boolean {
  const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}
