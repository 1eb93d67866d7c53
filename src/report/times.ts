/** Times of packets as the report tells them. */
import { localTime } from "../host/local-time.ts";

const NANOSECONDS = 1_000_000_000;
/** The years from 1 to 9999. A file may state any time, and a later or earlier one is told as the last or first of these. */
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;
/** Characters of "2026-11-28T04:43:09" in what Date writes. */
const TO_SECONDS = 19;

/** Returns a moment in local time with its zone (RFC 3339). @param seconds since the epoch; a fraction is added to the nanoseconds */
export function zonedTime(seconds: number, nanoseconds = 0): string {
  const all = Math.min(Math.max(seconds, FIRST_SECOND), LAST_SECOND);
  const second = Math.floor(all);
  const fraction = Math.min(NANOSECONDS - 1, nanoseconds + Math.round((all - second) * NANOSECONDS));
  const local = localTime(second);
  const minutes = Math.round((local.getTime() / 1000 - second) / 60);
  const digits = (value: number, width: number) => String(value).padStart(width, "0");
  const size = Math.abs(minutes);
  const zone = `${digits(Math.floor(size / 60), 2)}:${digits(size % 60, 2)}`;
  return `${local.toISOString().slice(0, TO_SECONDS)}.${digits(fraction, 9)}${minutes < 0 ? "-" : "+"}${zone}`;
}

/** A moment in seconds since the epoch and nanoseconds of the second. */
export class Moment {
  seconds: number;
  nanoseconds: number;

  constructor(seconds: number, nanoseconds: number) {
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
  }

  isBefore(seconds: number, nanoseconds: number): boolean {
    return this.seconds < seconds || (this.seconds === seconds && this.nanoseconds < nanoseconds);
  }

  /** Seconds from another moment to this one. */
  since({ seconds, nanoseconds }: Moment): number {
    return this.seconds - seconds + (this.nanoseconds - nanoseconds) / NANOSECONDS;
  }

  get text(): string {
    return zonedTime(this.seconds, this.nanoseconds);
  }
}
