/** Lets no more bytes through in a second than wanted. */
import { setTimeout as pause } from "node:timers/promises";

export class Pace {
  readonly #bytesPerMillisecond: number;
  /** When the bytes that were let through are through. */
  #until = 0;

  /** @param rate bytes a second */
  constructor(rate: number) {
    this.#bytesPerMillisecond = rate / 1000;
  }

  /** Waits until there is time for the bytes. @throws the reason of the signal */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const wait = this.#until - now;
    this.#until = Math.max(now, this.#until) + bytes / this.#bytesPerMillisecond;
    if (wait > 0) await pause(wait, undefined, { signal });
    signal.throwIfAborted();
  }
}
