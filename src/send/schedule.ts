/** Computes when each frame is due. */
import type { Pace } from "./options.ts";

const NANOSECONDS_PER_SECOND = 1e9;
/** Seconds of a gap that is worth a note, because a user would believe that the program is stuck. */
const LONG_GAP = 10;

/** Gives frame after frame of a file its time, in nanoseconds since the first one of this pass through the file. */
export class Schedule {
  readonly #pace: Exclude<Pace, { kind: "topspeed" }>;
  readonly #onNote: (note: string) => void;
  #frames = 0;
  #due = 0;
  #seconds: number | undefined;
  #nanoseconds = 0;
  #noted = { long: false, shortened: false };
  #pass = 0;
  #shortened = { gaps: 0, seconds: 0 };

  /**
   * @param pace not "topspeed"
   * @param onNote told of the first long gap that is waited for, and of the first one that is shortened
   */
  constructor(pace: Exclude<Pace, { kind: "topspeed" }>, onNote: (note: string) => void = () => {}) {
    this.#pace = pace;
    this.#onNote = onNote;
  }

  /** Gaps of the file that are longer than wanted, and the seconds that were left out of them; of one pass. */
  get shortened(): { readonly gaps: number; readonly seconds: number } {
    return this.#shortened;
  }

  /**
   * The time of the next frame, whose time in the file is given. A frame without a time, or with a time before that of
   * the previous frame, is due at once.
   */
  next(seconds: number, nanoseconds: number, hasTime: boolean): number {
    const pace = this.#pace;
    const frame = this.#frames++;
    if (pace.kind === "rate") return frame * (NANOSECONDS_PER_SECOND / pace.packetsPerSecond);
    if (!hasTime) return this.#due;
    if (this.#seconds !== undefined) {
      const gap = (seconds - this.#seconds) * NANOSECONDS_PER_SECOND + (nanoseconds - this.#nanoseconds);
      if (gap > 0) this.#due += this.#wait(frame + 1, gap / pace.multiplier, pace.maxGap);
    }
    this.#seconds = seconds;
    this.#nanoseconds = nanoseconds;
    return this.#due;
  }

  /**
   * Begins the next pass through the file.
   *
   * @returns how long after the first frame of the former pass the first one of the next is due: at a rate one interval
   * after the last one, by the file's times, which tell no gap for it, with the last one
   */
  rewind(): number {
    const pace = this.#pace;
    const interval = pace.kind === "rate" ? NANOSECONDS_PER_SECOND / pace.packetsPerSecond : undefined;
    const passed = interval === undefined ? this.#due : this.#frames * interval;
    this.#frames = 0;
    this.#due = 0;
    this.#seconds = undefined;
    this.#pass++;
    return passed;
  }

  /** @param frame its number in the file @param maxGap seconds @returns nanoseconds that are waited */
  #wait(frame: number, nanoseconds: number, maxGap: number): number {
    const seconds = nanoseconds / NANOSECONDS_PER_SECOND;
    const isShortened = seconds > maxGap;
    if (isShortened && this.#pass === 0) {
      this.#shortened.gaps++;
      this.#shortened.seconds += seconds - maxGap;
    }
    const kind = isShortened ? "shortened" : "long";
    if ((isShortened || seconds > LONG_GAP) && !this.#noted[kind]) {
      this.#noted[kind] = true;
      const what = `frame ${frame} is due ${seconds.toFixed(1)} s after the one before it`;
      this.#onNote(isShortened ? `${what}: sent after ${maxGap} s (\`maxGap: 0\` waits for all of it)` : what);
    }
    return isShortened ? maxGap * NANOSECONDS_PER_SECOND : nanoseconds;
  }
}
