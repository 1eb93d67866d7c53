/** Checks that the options of several commands share. */
import { usageError } from "../errors.ts";

/** @throws RingcapError USAGE that names the option */
export function oneOf<T extends string>(option: string, value: T | undefined, allowed: readonly T[], otherwise: T): T {
  if (value === undefined) return otherwise;
  if (!allowed.includes(value)) throw usageError(option, `"${value}" is none of ${allowed.join(", ")}`);
  return value;
}

/** @throws RingcapError USAGE that names the option */
export function numberIn(
  option: string,
  value: number | undefined,
  otherwise: number,
  min: number,
  max: number,
): number {
  if (value === undefined) return otherwise;
  if (!Number.isInteger(value) || value < min || value > max) {
    throw usageError(option, `"${value}" is not a whole number from ${min} to ${max}`);
  }
  return value;
}
