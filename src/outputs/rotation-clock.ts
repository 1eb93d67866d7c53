/** When a capture that rotates by the clock begins its next file: every minute at :00, every hour at :00:00, whatever the start. */
import { localTime } from "../host/local-time.ts";

/** What a zone's clocks change by at most, and some more. */
const CLOCK_CHANGE_SECONDS = 7200;

/** The next multiple of the period by the local time. @param now seconds since the epoch @param period whole seconds */
export function nextSeam(now: number, period: number): number {
  const offset = offsetAt(now);
  const local = (Math.floor((now + offset) / period) + 1) * period;
  // Where the clocks change in between, midnight is at another distance.
  const seam = local - offsetAt(local - offset);
  return seam > now ? seam : local - offset;
}

function offsetAt(second: number): number {
  const whole = Math.floor(second);
  return localTime(whole).getTime() / 1000 - whole;
}

/** The seams of one capture, by the clock. */
export class Seams {
  readonly #period: number | undefined;
  readonly #now: () => number;
  /** Seconds since the epoch at which the next file begins. */
  next = Number.POSITIVE_INFINITY;

  /** @param period whole seconds; undefined: there is no seam @param now milliseconds since the epoch */
  constructor(period: number | undefined, now: () => number) {
    this.#period = period;
    this.#now = now;
  }

  /** Looks at the clock again: at the beginning, and where somebody may have set it back. */
  reset(): void {
    if (this.#period !== undefined) this.next = nextSeam(this.#now() / 1000, this.#period);
  }

  /** @param grace milliseconds that have to have gone by since */
  isReached(grace = 0): boolean {
    return this.#now() >= this.next * 1000 + grace;
  }

  /** Goes on to the seam behind. @returns seconds since the epoch at which the file begins */
  pass(): number {
    const now = this.#now() / 1000;
    // The seam itself, but where the clock was set, or the process slept, and several went by.
    const second = now - this.next < (this.#period ?? 0) ? this.next : now;
    this.reset();
    return second;
  }

  /** Milliseconds until the next seam. */
  get left(): number {
    const left = this.next * 1000 - this.#now();
    // Further away than a period, and the hour by which clocks change: somebody set the clock back.
    if (this.#period !== undefined && left > (this.#period + CLOCK_CHANGE_SECONDS) * 1000) this.reset();
    return Math.max(0, this.next * 1000 - this.#now());
  }
}
