/** The batches of a capture, of which the next need not be waited for: input may come from a pipe that says nothing. */
import type { Capture, CaptureBatch } from "../pcap-parser/index.ts";

export class InterruptibleReader {
  readonly #capture: Capture;
  readonly #isStdin: boolean;
  readonly #batches: AsyncIterator<CaptureBatch>;
  #first: CaptureBatch | undefined;
  #waiting = false;
  #stopped = false;
  #wake = () => {};

  /** @param path of the capture: "-" is stdin */
  constructor(capture: Capture, path: string) {
    this.#capture = capture;
    this.#isStdin = path === "-";
    this.#batches = capture[Symbol.asyncIterator]();
  }

  /** The next batch of the parser; undefined at the end, and when told to stop. */
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

  /** Takes back the batch that was read last, which next() gives again. */
  giveBack(batch: CaptureBatch | undefined): void {
    this.#first = batch;
  }

  /** Ends next(), also while it waits for bytes. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#stopped = true;
    if (!this.#waiting) return this.#capture.close();
    // A read that may never end cannot be waited for.
    if (this.#isStdin) process.stdin.destroy();
    this.#capture.close().catch(() => {});
  }
}
