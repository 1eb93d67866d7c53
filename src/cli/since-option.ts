/** --since: a time, or how long ago. */
import { usageError } from "../errors.ts";
import { secondsOf } from "../options/index.ts";

/** @returns milliseconds since the epoch; undefined where nothing is said @throws RingcapError USAGE for what is no time */
export function sinceOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ago = secondsOf(text);
  const time = ago === undefined ? Date.parse(text) : Date.now() - ago * 1000;
  if (!Number.isNaN(time)) return time;
  throw usageError("--since", `"${text}" is no time`, "type 2026-11-28T04:43:09Z, or how long ago: 30m, 1h");
}
