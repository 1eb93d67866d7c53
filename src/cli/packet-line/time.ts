import { localTime } from "../../capture/index.ts";

const NANOSECONDS_PER_SECOND = 1_000_000_000n;

let cachedSecond = -1n;
let cachedText = "";

/** Local time of day, `HH:MM:SS.ffffff` or with nine digits. Consecutive packets of one second share its text. */
export function formatTimeOfDay(timestamp: bigint, precision: "micro" | "nano"): string {
  const second = timestamp / NANOSECONDS_PER_SECOND;
  if (second !== cachedSecond) {
    const date = localTime(Number(second));
    cachedText = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
      .map((part) => digits(part, 2))
      .join(":");
    cachedSecond = second;
  }
  const nanoseconds = Number(timestamp - second * NANOSECONDS_PER_SECOND);
  const fraction = precision === "nano" ? digits(nanoseconds, 9) : digits(Math.floor(nanoseconds / 1000), 6);
  return `${cachedText}.${fraction}`;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, "0");
}
