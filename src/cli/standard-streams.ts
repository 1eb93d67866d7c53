/** Standard output and standard error. A reader that stalls makes the process wait at its end, until it is told not to. */
import { setTimeout as pause } from "node:timers/promises";
import { TextStream } from "./text-stream.ts";

export const STDOUT = 1;
const STDERR = 2;

/** For readers that are merely slow, once nobody wants to wait any more. */
const LAST_CHANCE_MILLISECONDS = 200;

let failToPrint: (error: unknown) => void = () => {};
let giveUp: () => void = () => {};
const givenUp = new Promise<void>((resolve) => {
  giveUp = resolve;
});

export const stdout = new TextStream(STDOUT, "standard output", (error) => failToPrint(error));
/** Messages that nobody reads, or for which there is no room, are no reason to fail. */
export const stderr = new TextStream(STDERR, "standard error", () => {});

/** @param onError told when reports and lists cannot be written */
export function onFailedPrint(onError: (error: unknown) => void): void {
  failToPrint = onError;
}

/**
 * Resolves when the readers of both have taken everything.
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

/** From here on the end of the process waits for no reader. */
export function stopWaitingForReaders(): void {
  giveUp();
}
