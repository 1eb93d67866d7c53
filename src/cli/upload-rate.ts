/** --upload-rate: so many bytes a second are sent at most. */
import { usageError } from "../errors.ts";

/** Bytes a second. */
const DEFAULT = 10_000_000;
const LEAST = 1000;

/** @throws RingcapError USAGE for a rate at which nothing would arrive */
export function uploadRateOf(rate = DEFAULT): number {
  if (rate >= LEAST) return rate;
  throw usageError("--upload-rate", `${rate} bytes a second are less than ${LEAST}`, "type 1M or more");
}
