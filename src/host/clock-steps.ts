/** Notices when somebody sets the clock, by which the kernel's CLOCK_MONOTONIC stamps become time since the epoch. */

export interface OffsetReading {
  /** CLOCK_REALTIME minus CLOCK_MONOTONIC, nanoseconds. */
  epochOffset: bigint;
}

/** The two clocks run at one rate (timekeeping.c): what changes less than this is the reading, not the offset. */
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

  /** The new offset when the clock was set. It is asked for again until accept() is called with it. */
  step(): bigint | undefined {
    const { epochOffset } = this.#read();
    const change = epochOffset - this.#offset;
    return change > READING_ERROR_NANOSECONDS || change < -READING_ERROR_NANOSECONDS ? epochOffset : undefined;
  }

  accept(epochOffset: bigint): void {
    this.#offset = epochOffset;
  }
}
