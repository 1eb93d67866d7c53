/** --since: a time, or how long ago. */
import { usageError } from "../errors.ts";
import { secondsOf } from "../options/index.ts";

/** The last whole year of a table: its times are nanoseconds since the epoch in 64 bits. */
const LAST = Date.parse("2262-01-01");

/** @returns milliseconds since the epoch; undefined where nothing is said @throws RingcapError USAGE for what is no time */
export function sinceOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ago = secondsOf(text);
  const time = ago === undefined ? Date.parse(text) : Date.now() - ago * 1000;
  if (time >= 0 && time < LAST) return time;
  throw usageError(
    "--since",
    `"${text}" is no time from 1970 to 2261`,
    "type 2026-11-28T04:43:09Z, or how long ago: 30m, 1h",
  );
}
