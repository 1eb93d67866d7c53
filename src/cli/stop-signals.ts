/** SIGINT, SIGTERM and SIGHUP end a command in order. A further signal ends its waiting for readers that stall. */
import { constants as fileConstants, fstatSync, readFileSync, statSync } from "node:fs";
import { constants } from "node:os";
import { say } from "./messages.ts";
import { stopWaitingForReaders } from "./standard-streams.ts";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Signals within this time count as one, because timeout(1) signals the process and its group, and npm passes on what
 * the terminal has sent already.
 */
const SAME_WISH_MILLISECONDS = 300;

/** Milliseconds that the process gets after it was told not to wait for anything. */
const LAST_CHANCE_MILLISECONDS = 2000;

let stoppedAt: number | undefined;
let allIsWritten = false;
let lastChance: NodeJS.Timeout | undefined;

/**
 * Calls stop() at the first signal. Under nohup(1), SIGHUP does nothing.
 *
 * @param abandon is called at a further signal, and gives up what a reader that stalls has not taken
 * @param onHandled is called at every signal
 * @param hasEnded says whether the command ends already, without a signal. The first signal then ends its waiting for
 *   readers, and leaves it the time that a slow disk takes
 * @param passOn takes the signal and returns true where another process is to handle it, so that it stops nothing in
 *   this process
 * @param stopSignals the signals that end the command
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
    const leaveReaders = () => {
      abandon();
      stopWaitingForReaders();
    };
    if (stoppedAt === undefined) {
      stoppedAt = performance.now();
      if (hasEnded()) leaveReaders();
      else stop();
    } else if (performance.now() - stoppedAt > SAME_WISH_MILLISECONDS) {
      leaveReaders();
      if (!allIsWritten) lastChance ??= setTimeout(exitAtOnce, LAST_CHANCE_MILLISECONDS).unref();
    }
  };
  const nohup = startedByNohup();
  for (const signal of stopSignals) process.on(signal, nohup && signal === "SIGHUP" ? () => {} : onSignal);
  // The other signals do not end the process either before something listens to them.
  for (const signal of STOP_SIGNALS.filter((other) => !stopSignals.includes(other))) process.on(signal, () => {});
  return stopSignals.filter((signal) => !(nohup && signal === "SIGHUP")).map((signal) => constants.signals[signal]);
}

export const LAST_WORDS = "ringcap: stopped before everything was written";

function exitAtOnce(): void {
  say(LAST_WORDS);
  process.exit(1);
}

/** Says that nothing can be lost any more, so that signals do not cut short what the kernel has to end. */
export function nothingLeftToWrite(): void {
  allIsWritten = true;
  clearTimeout(lastChance);
}

/** Says that the command has finished, so that the next signal ends the waiting for readers. */
export function nothingLeftToStop(): void {
  stoppedAt = Number.NEGATIVE_INFINITY;
}

/**
 * Whether nohup(1) started the process. Node.js resets signals that its parent ignored, so that nohup(1) is recognised
 * only by the standard input that it puts in the place of a terminal: /dev/null, opened for writing alone. Without
 * /proc it is not recognised.
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
