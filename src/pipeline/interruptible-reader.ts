/**
 * Reads the batches of a capture file, and can stop waiting for the next one. Input may come from a pipe to which
 * nobody writes.
 */
import type { Capture, CaptureBatch } from "../pcap-parser/index.ts";

export class InterruptibleReader {
  readonly #capture: Capture;
  readonly #isStdin: boolean;
  readonly #batches: AsyncIterator<CaptureBatch>;
  #first: CaptureBatch | undefined;
  #waiting = false;
  #stopped = false;
  #wake = () => {};

  /** @param path the path of the capture; "-" is standard input */
  constructor(capture: Capture, path: string) {
    this.#capture = capture;
    this.#isStdin = path === "-";
    this.#batches = capture[Symbol.asyncIterator]();
  }

  /** Returns the next batch of the parser; undefined at the end, and after stop(). */
  async next(): Promise<CaptureBatch | undefined> {
    const first = this.#first;
    this.#first = undefined;
    if (this.#stopped || first !== undefined) return this.#stopped ? undefined : first;
    return new Promise((resolve, reject) => {
      this.#waiting = true;
      this.#wake = () => resolve(undefined);
      const settle = () => {
        this.#waiting = false;
      };
      this.#batches
        .next()
        .finally(settle)
        .then(({ value, done }) => resolve(done ? undefined : value), reject);
    });
  }

  /** Takes the batch back that was read last, so that next() returns it again. */
  giveBack(batch: CaptureBatch | undefined): void {
    this.#first = batch;
  }

  /** Ends next(), also while it waits for bytes, and every later call of it. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#stopped = true;
    if (!this.#waiting) return this.#capture.close();
    // close() does not wait for a read that may never end.
    if (this.#isStdin) process.stdin.destroy();
    this.#capture.close().catch(() => {});
  }
}
