/**
 * Standard output and standard error. A reader that stalls makes the process wait at its end, unless the process is
 * told not to wait.
 */
import { setTimeout as pause } from "node:timers/promises";
import { TextStream } from "./text-stream.ts";

export const STDOUT = 1;
export const STDERR = 2;

/** Milliseconds that readers get after the process was told not to wait, because some are only slow. */
const LAST_CHANCE_MILLISECONDS = 200;

let failToPrint: (error: unknown) => void = () => {};
let giveUp: () => void = () => {};
const givenUp = new Promise<void>((resolve) => {
  giveUp = resolve;
});

export const stdout = new TextStream(STDOUT, "standard output", (error) => failToPrint(error));
/** A message that nobody reads, or for which there is no room, does not make the command fail. */
export const stderr = new TextStream(STDERR, "standard error", () => {});

/** @param onError is called when reports and lists cannot be written */
export function onFailedPrint(onError: (error: unknown) => void): void {
  failToPrint = onError;
}

/**
 * Resolves when the readers of both streams have taken everything.
 *
 * @returns false when they were not waited for
 */
export async function flushStandardStreams(): Promise<boolean> {
  const flushed = stdout
    .flush()
    .then(() => stderr.flush())
    .then(() => true);
  const late = givenUp.then(() => pause(LAST_CHANCE_MILLISECONDS)).then(() => false);
  return Promise.race([flushed, late]);
}

/** Makes the end of the process wait for no reader. */
export function stopWaitingForReaders(): void {
  giveUp();
}
