/** Checks for values that no pcapng file can hold. The errors name the field. */
import { usageError } from "../../errors.ts";

export const MOST_16 = 0xffff;
export const MOST_32 = 0xffff_ffff;
export const MOST_64 = 0xffff_ffff_ffff_ffffn;

/** Checks a number. @throws RingcapError USAGE unless it is a whole number from 0 to `most` */
export function checkNumber(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw usageError(name, `${value} is not a whole number from 0 to ${most}`);
  }
}

/** Returns a number as a bigint. @throws RingcapError USAGE unless it is a whole number of 64 bits without a sign */
export function unsigned64(name: string, value: bigint | number): bigint {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw notUnsigned64(name, value);
  const wide = BigInt(value);
  if (wide < 0n || wide > MOST_64) throw notUnsigned64(name, value);
  return wide;
}

function notUnsigned64(name: string, value: bigint | number): Error {
  return usageError(name, `${value} is not a whole number from 0 to ${MOST_64}`);
}

/**
 * Checks a text, which must be UTF-8 (section 3.6.3), and which readers end at a zero (section 3.5).
 *
 * @throws RingcapError USAGE for a surrogate without its other half, or a zero
 */
export function checkText(name: string, text: string): void {
  if (/\p{Surrogate}/u.test(text)) throw usageError(name, "a surrogate without its other half cannot be UTF-8");
  if (text.includes("\0")) throw usageError(name, "text of a capture file ends at a zero, so it can have none");
}

/** Checks the length of a value. @throws RingcapError USAGE unless it has `length` bytes */
export function checkLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw usageError(name, `${bytes.length} bytes are not ${length}`);
}
