/**
 * The conversions of strftime(3) that names of files may have, in the C locale, and the texts that each may produce.
 */
import { localTime } from "../host/local-time.ts";

export interface Conversion {
  /**
   * Formats a time.
   *
   * @param time a date whose UTC fields are those of the local time
   * @param second seconds since the epoch
   */
  readonly format: (time: Date, second: number) => string;
  /** A regular expression that matches every text that `format` may return. */
  readonly pattern: string;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];
const MILLISECONDS_PER_DAY = 86_400_000;
const NAME_LENGTH = 3;

export const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  Y: digits(4, (time) => time.getUTCFullYear()),
  C: digits(2, (time) => Math.floor(time.getUTCFullYear() / 100)),
  y: digits(2, (time) => time.getUTCFullYear() % 100),
  m: digits(2, (time) => time.getUTCMonth() + 1),
  d: digits(2, (time) => time.getUTCDate()),
  j: digits(3, dayOfYear),
  H: digits(2, (time) => time.getUTCHours()),
  I: digits(2, (time) => ((time.getUTCHours() + 11) % 12) + 1),
  M: digits(2, (time) => time.getUTCMinutes()),
  S: digits(2, (time) => time.getUTCSeconds()),
  u: digits(1, (time) => ((time.getUTCDay() + 6) % 7) + 1),
  w: digits(1, (time) => time.getUTCDay()),
  s: { format: (_, second) => String(Math.floor(second)), pattern: "\\d+" },
  a: words(
    DAYS.map((day) => day.slice(0, NAME_LENGTH)),
    (time) => time.getUTCDay(),
  ),
  A: words(DAYS, (time) => time.getUTCDay()),
  b: words(
    MONTHS.map((month) => month.slice(0, NAME_LENGTH)),
    (time) => time.getUTCMonth(),
  ),
  B: words(MONTHS, (time) => time.getUTCMonth()),
  p: words(["AM", "PM"], (time) => (time.getUTCHours() < 12 ? 0 : 1)),
  z: { format: offset, pattern: "[+-]\\d{4}" },
  "%": { format: () => "%", pattern: "%" },
};

/** Conversions that stand for several other ones. */
export const ABBREVIATIONS: Readonly<Record<string, string>> = {
  F: "%Y-%m-%d",
  T: "%H:%M:%S",
  R: "%H:%M",
  h: "%b",
};

function digits(count: number, value: (time: Date) => number): Conversion {
  return { format: (time) => String(value(time)).padStart(count, "0"), pattern: `\\d{${count}}` };
}

function words(list: readonly string[], index: (time: Date) => number): Conversion {
  return { format: (time) => list[index(time)] ?? "", pattern: `(?:${list.join("|")})` };
}

function dayOfYear(time: Date): number {
  return Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / MILLISECONDS_PER_DAY) + 1;
}

/** Returns the offset of the local time from UTC as +hhmm. */
function offset(time: Date, second: number): string {
  const minutes = Math.round((time.getTime() / 1000 - Math.floor(second)) / 60);
  const size = Math.abs(minutes);
  const hhmm = String(Math.floor(size / 60) * 100 + (size % 60)).padStart(4, "0");
  return `${minutes < 0 ? "-" : "+"}${hhmm}`;
}

/** Returns the text of one conversion. @param second seconds since the epoch */
export function formatted(conversion: Conversion, second: number): string {
  return conversion.format(localTime(Math.floor(second)), second);
}
