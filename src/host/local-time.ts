/**
 * Local time as the C library and tcpdump have it. Node.js knows only the names of zones. It understands neither POSIX
 * rules in TZ (CET-1CEST,M3.5.0,M10.5.0/3; POSIX.1, 8.3) nor the path of a file, and takes both for UTC.
 */
import { RingcapError } from "../errors.ts";
import { localTimeOffset } from "../native/system.ts";

/** @param second since the epoch @returns a date whose UTC fields are those of the local time */
export function localTime(second: number): Date {
  return new Date((second + offsetAt(second)) * 1000);
}

const SECOND_MAX = 2 ** 32 - 1;

function offsetAt(second: number): number {
  try {
    return localTimeOffset(Math.max(0, Math.min(second, SECOND_MAX)));
  } catch (error) {
    // Work that needs no addon otherwise, such as showing a file, goes on without one.
    if (!(error instanceof RingcapError) || error.code !== "INSTALLATION") throw error;
    return -60 * new Date(second * 1000).getTimezoneOffset();
  }
}
