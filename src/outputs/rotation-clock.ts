/**
 * Computes when a capture that rotates by the clock begins its next file: every minute at :00, every hour at :00:00,
 * whenever the capture began.
 */
import { localTime } from "../host/local-time.ts";

/** More seconds than the clocks of any time zone change by at once. */
const CLOCK_CHANGE_SECONDS = 7200;

/**
 * Returns the next multiple of the period in local time, in seconds since the epoch.
 *
 * @param now seconds since the epoch
 * @param period whole seconds
 */
export function nextSeam(now: number, period: number): number {
  const offset = offsetAt(now);
  const local = (Math.floor((now + offset) / period) + 1) * period;
  // The offset of the time zone may change between the present and the seam.
  const seam = local - offsetAt(local - offset);
  return seam > now ? seam : local - offset;
}

function offsetAt(second: number): number {
  const whole = Math.floor(second);
  return localTime(whole).getTime() / 1000 - whole;
}

/** The seams of a capture that rotates by the clock. */
export class Seams {
  readonly #period: number | undefined;
  readonly #now: () => number;
  /** Seconds since the epoch at which the next file begins. */
  next = Number.POSITIVE_INFINITY;

  /**
   * @param period whole seconds; undefined means that there is no seam
   * @param now returns milliseconds since the epoch
   */
  constructor(period: number | undefined, now: () => number) {
    this.#period = period;
    this.#now = now;
  }

  /** Computes the next seam from the clock: at the beginning, and where somebody may have set the clock back. */
  reset(): void {
    if (this.#period !== undefined) this.next = nextSeam(this.#now() / 1000, this.#period);
  }

  /** Whether the next seam was reached. @param grace milliseconds that must have passed since the seam */
  isReached(grace = 0): boolean {
    return this.#now() >= this.next * 1000 + grace;
  }

  /** Turns to the next seam. @returns seconds since the epoch at which the new file begins */
  pass(): number {
    const now = this.#now() / 1000;
    // The file begins at the seam. Where several seams have passed, because somebody set the clock or the process
    // slept, it begins at the present time.
    const second = now - this.next < (this.#period ?? 0) ? this.next : now;
    this.reset();
    return second;
  }

  /** Milliseconds until the next seam. */
  get left(): number {
    const left = this.next * 1000 - this.#now();
    // A seam that is further away than a period and a change of the zone's clocks means that somebody set the clock
    // back.
    if (this.#period !== undefined && left > (this.#period + CLOCK_CHANGE_SECONDS) * 1000) this.reset();
    return Math.max(0, this.next * 1000 - this.#now());
  }
}
