/** Times as events have them. */

const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;
/** Characters of "2026-11-28T04:43:09" in what Date writes. */
const TO_SECONDS = 19;

/** @param time nanoseconds since the epoch @returns RFC 3339 in UTC with nine decimals: 2026-11-28T04:43:09.123456789Z */
export function utcTime(time: bigint): string {
  const seconds = new Date(Number(time / NANOSECONDS_PER_MILLISECOND)).toISOString().slice(0, TO_SECONDS);
  return `${seconds}.${String(time % NANOSECONDS_PER_SECOND).padStart(9, "0")}Z`;
}
