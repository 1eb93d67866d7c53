/** Formats the time at the beginning of a line. */
import { localTime } from "../../host/local-time.ts";

/** The number of letters t that were given, from -t to -ttttt. 0 stands for the time of day. */
export type TimeForm = 0 | 1 | 2 | 3 | 4 | 5;

const NANOSECONDS_PER_SECOND = 1_000_000_000n;

export class TimeStamps {
  readonly #form: TimeForm;
  readonly #precision: "micro" | "nano";
  #first: bigint | undefined;
  #previous: bigint | undefined;
  #cachedSecond = -1n;
  #cachedText = "";

  constructor(form: TimeForm, precision: "micro" | "nano") {
    this.#form = form;
    this.#precision = precision;
  }

  /** @param timestamp nanoseconds since the epoch */
  format(timestamp: bigint): string {
    switch (this.#form) {
      case 1:
        return "";
      case 2:
        return `${timestamp / NANOSECONDS_PER_SECOND}.${this.#fraction(timestamp)} `;
      case 3: {
        const previous = this.#previous ?? timestamp;
        this.#previous = timestamp;
        return this.#difference(timestamp - previous);
      }
      case 5:
        this.#first ??= timestamp;
        return this.#difference(timestamp - this.#first);
      default:
        return `${this.#clock(timestamp / NANOSECONDS_PER_SECOND)}.${this.#fraction(timestamp)} `;
    }
  }

  #fraction(time: bigint): string {
    const nanoseconds = Number(time % NANOSECONDS_PER_SECOND);
    return this.#precision === "nano" ? digits(nanoseconds, 9) : digits(Math.floor(nanoseconds / 1000), 6);
  }

  /** Returns the difference to the packet before: ` 00:00:01.500000 `. Packets may be out of order. */
  #difference(given: bigint): string {
    const time = given < 0n ? -given : given;
    const seconds = Number(time / NANOSECONDS_PER_SECOND);
    const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return `${given < 0n ? "-" : " "}${clock.map((part) => digits(part, 2)).join(":")}.${this.#fraction(time)} `;
  }

  /** Returns the time in the local time zone. Consecutive packets of one second share the text. */
  #clock(second: bigint): string {
    if (second !== this.#cachedSecond) {
      const date = localTime(Number(second));
      const day = [
        digits(date.getUTCFullYear(), 4),
        digits(date.getUTCMonth() + 1, 2),
        digits(date.getUTCDate(), 2),
      ].join("-");
      const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
        .map((part) => digits(part, 2))
        .join(":");
      this.#cachedText = this.#form === 4 ? `${day} ${clock}` : clock;
      this.#cachedSecond = second;
    }
    return this.#cachedText;
  }
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, "0");
}

const timesOfDay = { micro: new TimeStamps(0, "micro"), nano: new TimeStamps(0, "nano") };

/** Returns the local time of day as `HH:MM:SS.ffffff`, or with nine digits. */
export function formatTimeOfDay(timestamp: bigint, precision: "micro" | "nano"): string {
  return timesOfDay[precision].format(timestamp).trimEnd();
}
