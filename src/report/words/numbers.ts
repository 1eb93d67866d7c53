/** Numbers as people read them, with their units: for the page and for the terminal. */
import type { Estimate } from "../values.ts";

const PREFIXES = ["", "k", "M", "G", "T", "P"] as const;
const SECONDS_OF_MINUTE = 60;
const SECONDS_OF_HOUR = 3600;
const SECONDS_OF_DAY = 86_400;

/** "12,345,678". */
export function whole(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** "1 attempt", "2,048 attempts". */
export function counted(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Three digits that count, such as "412 k" or "1.23 M"; whole numbers below 10,000 as they are, such as "9,876". */
export function compact(value: number): string {
  if (Math.abs(value) < 9999.5) return Number.isInteger(value) || Math.abs(value) >= 100 ? whole(value) : digits(value);
  let scaled = value;
  let prefix = 0;
  while (Math.abs(scaled) >= 999.5 && prefix < PREFIXES.length - 1) {
    scaled /= 1000;
    prefix++;
  }
  return `${digits(scaled)} ${PREFIXES[prefix]}`;
}

/** "412 k packets/s", "1 packet/s". */
export function packetRate(perSecond: number): string {
  return `${compact(perSecond)} ${perSecond === 1 ? "packet" : "packets"}/s`;
}

/** A number with a unit that takes prefixes: "1.23 GB", "512 B", "34.5 Mbit/s". */
export function withUnit(value: number, unit: string): string {
  const text = compact(value);
  return /[a-z]$/i.test(text) ? `${text}${unit}` : `${text} ${unit}`;
}

/** "97.3 %". What is not nothing is not called 0 %, and what is not all is not called 100 %. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "–";
  if (share > 0 && share < 0.0005) return "<0.1 %";
  if (share < 1 && share > 0.9995) return ">99.9 %";
  return `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)} %`;
}

/** "12,345", or "about 1.23 M (±0.8 %)" where it is an estimate, or "about 3" where the error is less than one half. */
export function estimated({ value, error }: Estimate): string {
  if (error === 0) return whole(value);
  return value * error < 0.5 ? `about ${whole(value)}` : `about ${compact(Math.round(value))} (±${percent(error)})`;
}

/** A length of time of two units at most: "12.3 s", "4 min 12 s", "2 h 5 min", "3 d 4 h". */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${digits(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${digits(seconds)} s`;
  const total = Math.round(seconds);
  if (total < SECONDS_OF_HOUR) return twoUnits(total, SECONDS_OF_MINUTE, "min", 1, "s");
  if (total < 2 * SECONDS_OF_DAY) return twoUnits(total, SECONDS_OF_HOUR, "h", SECONDS_OF_MINUTE, "min");
  return twoUnits(total, SECONDS_OF_DAY, "d", SECONDS_OF_HOUR, "h");
}

/** How sure something from 0 to 1 is, in a word and a number: "very likely (87 %)". */
export function sureness(confidence: number): string {
  const word =
    confidence >= 0.95
      ? "almost certain"
      : confidence >= 0.8
        ? "very likely"
        : confidence >= 0.6
          ? "likely"
          : confidence >= 0.35
            ? "possible"
            : "a guess";
  return `${word} (${Math.round(confidence * 100)} %)`;
}

/** How sure an answer is that says of itself that it is likely, or yes or no: "75 % sure". */
export function sure(confidence: number): string {
  return `${Math.round(confidence * 100)} % sure`;
}

function twoUnits(total: number, large: number, largeName: string, small: number, smallName: string): string {
  const whole = Math.floor(total / large);
  const rest = Math.floor((total % large) / small);
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`;
}

/** Three digits that count, without zeros at the end. */
function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
