/** Turns the kernel's CLOCK_MONOTONIC stamps into time since the epoch, also while somebody sets the clock. */

export interface ClockReading {
  /** CLOCK_MONOTONIC, nanoseconds. */
  monotonic: bigint;
  /** CLOCK_REALTIME minus CLOCK_MONOTONIC, nanoseconds. */
  epochOffset: bigint;
}

/** Up to when records may be taken, and what to add to their stamps. */
export interface DrainWindow {
  until: bigint;
  epochOffset: bigint;
  /** Whether a window with another offset follows at once. */
  beforeStep: boolean;
}

/** A larger change between two readings is no adjustment of the clock's rate (adjtimex(2): 500 ppm) but a step. */
const STEP_NANOSECONDS = 1_000_000n;

export class EpochClock {
  readonly #read: () => ClockReading;
  #offset: bigint;
  /** The steps that records may still lie before, the oldest first. */
  readonly #steps: { at: bigint; before: bigint }[] = [];

  constructor(read: () => ClockReading) {
    this.#read = read;
    this.#offset = read().epochOffset;
  }

  /** The records stamped up to now, or up to the oldest step of the clock that they may still lie before. */
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

  /** Every record stamped before the oldest step was taken. */
  passStep(): void {
    this.#steps.shift();
  }
}
