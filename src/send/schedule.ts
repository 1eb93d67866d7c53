/** When each frame is due. */
import type { Pace } from "./options.ts";

const NANOSECONDS_PER_SECOND = 1e9;

/** Gives frame after frame of a file its time, in nanoseconds since the first one of this pass through the file. */
export class Schedule {
  readonly #interval: number | undefined;
  readonly #divisor: number;
  #frames = 0;
  #due = 0;
  #seconds: number | undefined;
  #nanoseconds = 0;

  /** @param pace not "topspeed" */
  constructor(pace: Exclude<Pace, { kind: "topspeed" }>) {
    this.#interval = pace.kind === "rate" ? NANOSECONDS_PER_SECOND / pace.packetsPerSecond : undefined;
    this.#divisor = pace.kind === "times" ? pace.multiplier : 1;
  }

  /**
   * Of the next frame, whose time in the file is this. A time before that of the frame before it, and a frame without a
   * time, is due at once.
   */
  next(seconds: number, nanoseconds: number, hasTime: boolean): number {
    if (this.#interval !== undefined) return this.#frames++ * this.#interval;
    if (!hasTime) return this.#due;
    if (this.#seconds !== undefined) {
      const gap = (seconds - this.#seconds) * NANOSECONDS_PER_SECOND + (nanoseconds - this.#nanoseconds);
      if (gap > 0) this.#due += gap / this.#divisor;
    }
    this.#seconds = seconds;
    this.#nanoseconds = nanoseconds;
    return this.#due;
  }

  /**
   * The file begins again.
   *
   * @returns how long after the first frame of the former pass the first one of the next is due: at a rate one interval
   * after the last one, by the file's times, which tell no gap for it, with the last one
   */
  rewind(): number {
    const passed = this.#interval === undefined ? this.#due : this.#frames * this.#interval;
    this.#frames = 0;
    this.#due = 0;
    this.#seconds = undefined;
    return passed;
  }
}
