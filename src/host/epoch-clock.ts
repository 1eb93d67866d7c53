/** Turns stamps of CLOCK_MONOTONIC into time since the epoch, also across steps of the clock. */

export interface ClockReading {
  /** CLOCK_MONOTONIC, nanoseconds. */
  monotonic: bigint;
  /** CLOCK_REALTIME minus CLOCK_MONOTONIC, nanoseconds. */
  epochOffset: bigint;
}

/** The time up to which records may be taken, and the epoch offset of their stamps. */
export interface DrainWindow {
  until: bigint;
  epochOffset: bigint;
  /** Whether a window with another offset follows immediately. */
  beforeStep: boolean;
}

/**
 * Nanoseconds. A larger change between two readings is a step, and no adjustment of the clock's rate (adjtimex(2)
 * allows 500 ppm).
 */
const STEP_NANOSECONDS = 1_000_000n;

export class EpochClock {
  readonly #read: () => ClockReading;
  #offset: bigint;
  /** Steps of the clock before which records may still lie, the oldest first. */
  readonly #steps: { at: bigint; before: bigint }[] = [];

  constructor(read: () => ClockReading) {
    this.#read = read;
    this.#offset = read().epochOffset;
  }

  /** The window of records stamped up to this moment, or up to the oldest step before which records may still lie. */
  window(): DrainWindow {
    const { monotonic, epochOffset } = this.#read();
    const change = epochOffset - this.#offset;
    if (change > STEP_NANOSECONDS || change < -STEP_NANOSECONDS) {
      this.#steps.push({ at: monotonic, before: this.#offset });
    }
    this.#offset = epochOffset;
    const step = this.#steps[0];
    if (step === undefined) return { until: monotonic, epochOffset, beforeStep: false };
    return { until: step.at, epochOffset: step.before, beforeStep: true };
  }

  /** Forgets the oldest step, because every record stamped before it was taken. */
  passStep(): void {
    this.#steps.shift();
  }
}
