/**
 * How much of a flood an incident records: one matching packet in a power of two, so that the bytes that are left last.
 *
 * They need not last for all of the time that is left, because most floods are short and their beginning tells most:
 * they have to last for a horizon of 30 seconds and twice the time since the beginning. In the last two thirds of the
 * longest time the horizon is what is left of it.
 */

const HORIZON_SECONDS = 30;
const HORIZON_GROWTH = 2;
/** The sampling goes down where the lower one takes this part of what it may take. */
const EASE = 0.7;
/** Seconds after a change in which the sampling does not go down. */
const EASE_SECONDS = 2;
/** The most packets of which one is recorded. */
const ONE_IN_MAX = 1 << 20;

export interface SamplingState {
  /** Seconds since the beginning. */
  readonly elapsed: number;
  /** Seconds that the incident lasts at most. */
  readonly longest: number;
  /** Bytes that the files may still take. */
  readonly bytesLeft: number;
  /** Bytes a second that all matching packets would take. */
  readonly bytesPerSecond: number;
}

export class SamplingPolicy {
  /** One packet in so many is recorded at present. */
  oneIn = 1;
  #changedAt = Number.NEGATIVE_INFINITY;

  /** Decides on the sampling from now on. @returns whether it changes */
  decide({ elapsed, longest, bytesLeft, bytesPerSecond }: SamplingState): boolean {
    const timeLeft = Math.max(0.1, longest - elapsed);
    const horizon = Math.min(timeLeft, HORIZON_SECONDS + HORIZON_GROWTH * elapsed);
    const share = (bytesPerSecond * horizon) / Math.max(1, bytesLeft);
    const before = this.oneIn;
    const lower = oneInFor(share / EASE);
    if (share > before) this.oneIn = oneInFor(share);
    else if (lower < before && elapsed - this.#changedAt >= EASE_SECONDS) this.oneIn = lower;
    if (this.oneIn !== before) this.#changedAt = elapsed;
    return this.oneIn !== before;
  }
}

/** The least power of two that is no less than a number. */
function oneInFor(share: number): number {
  return Math.min(ONE_IN_MAX, 2 ** Math.ceil(Math.log2(Math.max(1, share))));
}
