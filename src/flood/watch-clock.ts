/** The two clocks of a watch: durations are measured by the one that never steps. */
import { localTime } from "../host/local-time.ts";
import { readClocks } from "../native/system.ts";

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;
const MINUTES_PER_HOUR = 60;
/** Characters of "2026-11-28T04:43:09" in what Date writes. */
const TO_SECONDS = 19;

export interface WatchClock {
  /** Seconds of CLOCK_MONOTONIC, from any beginning. */
  elapsed(): number;
  /** Nanoseconds since the epoch. */
  time(): bigint;
}

export const HOST_CLOCK: WatchClock = {
  elapsed: () => performance.now() / 1000,
  // Packets have stamps of the same clock. Date.now() would put those of its last millisecond behind the moment.
  time: () => {
    const { monotonic, epochOffset } = readClocks();
    return monotonic + epochOffset;
  },
};

/** Returns a moment in local time with its zone: 2026-11-28T05:43:09.123+01:00 (RFC 3339). @param time nanoseconds since the epoch */
export function zonedTime(time: bigint): string {
  const second = Number(time / NANOSECONDS_PER_SECOND);
  const local = localTime(second);
  const minutes = Math.round((local.getTime() / 1000 - second) / 60);
  const digits = (value: number, width: number) => String(value).padStart(width, "0");
  const fraction = digits(Number((time % NANOSECONDS_PER_SECOND) / NANOSECONDS_PER_MILLISECOND), 3);
  const size = Math.abs(minutes);
  const zone = `${digits(Math.floor(size / MINUTES_PER_HOUR), 2)}:${digits(size % MINUTES_PER_HOUR, 2)}`;
  return `${local.toISOString().slice(0, TO_SECONDS)}.${fraction}${minutes < 0 ? "-" : "+"}${zone}`;
}
