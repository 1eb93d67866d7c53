/** SIGINT, SIGTERM and SIGHUP end a command in order; a further one ends its waiting for readers that stall. */
import { constants as fileConstants, fstatSync, readFileSync, statSync } from "node:fs";
import { constants } from "node:os";
import { say } from "./messages.ts";
import { stopWaitingForReaders } from "./standard-streams.ts";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** So close together they are one wish: timeout(1) signals the process and its group, npm passes on what the terminal sent. */
const SAME_WISH_MILLISECONDS = 300;

/** What takes longer, once nothing is waited for any more, is not waited for either. */
const LAST_CHANCE_MILLISECONDS = 2000;

let stoppedAt: number | undefined;
let allIsWritten = false;
let lastChance: NodeJS.Timeout | undefined;

/**
 * Calls stop() at the first signal. Under nohup(1), SIGHUP does nothing.
 *
 * @param abandon called at a further signal: gives up what a reader that stalls has not taken
 * @param onHandled called at every signal
 * @param hasEnded whether the command waits for readers already, without a signal
 * @param passOn whether somebody else takes the signal, which then stops nothing here
 * @param stopSignals those that end it
 * @returns the numbers of the signals
 */
export function onStopSignal(
  stop: () => void,
  abandon: () => void = () => {},
  onHandled: () => void = () => {},
  hasEnded: () => boolean = () => false,
  passOn: (signal: NodeJS.Signals) => boolean = () => false,
  stopSignals: readonly (typeof STOP_SIGNALS)[number][] = STOP_SIGNALS,
): number[] {
  const onSignal = (signal: NodeJS.Signals) => {
    onHandled();
    if (passOn(signal)) return;
    if (stoppedAt === undefined && hasEnded()) nothingLeftToStop();
    if (stoppedAt === undefined) {
      stoppedAt = performance.now();
      stop();
    } else if (performance.now() - stoppedAt > SAME_WISH_MILLISECONDS) {
      abandon();
      stopWaitingForReaders();
      if (!allIsWritten) lastChance ??= setTimeout(exitAtOnce, LAST_CHANCE_MILLISECONDS).unref();
    }
  };
  const nohup = startedByNohup();
  for (const signal of stopSignals) process.on(signal, nohup && signal === "SIGHUP" ? () => {} : onSignal);
  // The others end nothing either before anybody listens to them.
  for (const signal of STOP_SIGNALS.filter((other) => !stopSignals.includes(other))) process.on(signal, () => {});
  return stopSignals.filter((signal) => !(nohup && signal === "SIGHUP")).map((signal) => constants.signals[signal]);
}

export const LAST_WORDS = "ringcap: stopped before everything was written";

function exitAtOnce(): void {
  say(LAST_WORDS);
  process.exit(1);
}

/** Nothing can be lost any more: signals do not cut short what the kernel has to end. */
export function nothingLeftToWrite(): void {
  allIsWritten = true;
  clearTimeout(lastChance);
}

/** The command has done what it does: the next signal ends the waiting for readers. */
export function nothingLeftToStop(): void {
  stoppedAt = Number.NEGATIVE_INFINITY;
}

/**
 * Node.js resets the signals that its parent ignored, so that nohup(1) shows only in the standard input that it leaves
 * in the place of a terminal: /dev/null, opened for writing alone. Without /proc that does not show.
 */
function startedByNohup(): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(standardInput())?.[1] ?? "0";
  const access = Number.parseInt(flags, 8) & (fileConstants.O_WRONLY | fileConstants.O_RDWR);
  if (access !== fileConstants.O_WRONLY) return false;
  return fstatSync(0).rdev === statSync("/dev/null").rdev;
}

function standardInput(): string {
  try {
    return readFileSync("/proc/self/fdinfo/0", "utf8");
  } catch {
    return "";
  }
}
