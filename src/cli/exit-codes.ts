/** The exit codes: 0 done, 1 a failure, 2 wrong usage, 3 a bad input file, 4 an expectation that was not met. */
import { type ErrorCode, RingcapError } from "../errors.ts";

export const WRONG_USAGE = 2;
export const MISMATCH = 4;
const EXIT_CODES: Partial<Record<ErrorCode, number>> = { USAGE: WRONG_USAGE, INPUT: 3 };

export function exitCodeOf(error: unknown): number {
  return error instanceof RingcapError ? (EXIT_CODES[error.code] ?? 1) : 1;
}
