/** Notices steps of the clock: when somebody sets CLOCK_REALTIME, the epoch offset of the stamps changes. */

export interface OffsetReading {
  /** CLOCK_REALTIME minus CLOCK_MONOTONIC, nanoseconds. */
  epochOffset: bigint;
}

/**
 * Nanoseconds. The two clocks run at one rate (timekeeping.c), so a smaller change is an error of the reading and no
 * step.
 */
const READING_ERROR_NANOSECONDS = 5_000n;

export class ClockSteps {
  readonly #read: () => OffsetReading;
  #offset: bigint;

  constructor(read: () => OffsetReading) {
    this.#read = read;
    this.#offset = read().epochOffset;
  }

  /** The offset that packets are stamped with. */
  get epochOffset(): bigint {
    return this.#offset;
  }

  /** The new offset after a step of the clock. It is returned again until accept() is called with it. */
  step(): bigint | undefined {
    const { epochOffset } = this.#read();
    const change = epochOffset - this.#offset;
    return change > READING_ERROR_NANOSECONDS || change < -READING_ERROR_NANOSECONDS ? epochOffset : undefined;
  }

  accept(epochOffset: bigint): void {
    this.#offset = epochOffset;
  }
}
