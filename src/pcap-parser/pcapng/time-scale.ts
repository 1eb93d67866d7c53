/**
 * Time stamps of pcapng are 64-bit counts of a unit that each interface chooses (if_tsresol), since an epoch that the
 * interface may shift (if_tsoffset).
 */

/** The resolution of an interface that does not state one: 10^-6 seconds. */
export const DEFAULT_RESOLUTION = 6;

const BINARY = 0x80;
const MOST_DECIMAL = 19;
const MOST_BINARY = 63;
const NANOSECONDS = 1_000_000_000;
const TWO_32 = 2 ** 32;

/**
 * Returns the units in a second for an if_tsresol: 10^n, or 2^n with the highest bit set. It is undefined if they do
 * not fit into 64 bits, because the time stamps would not fit either.
 */
export function unitsPerSecond(resolution: number): bigint | undefined {
  const exponent = resolution & ~BINARY;
  if ((resolution & BINARY) !== 0) return exponent > MOST_BINARY ? undefined : 1n << BigInt(exponent);
  return exponent > MOST_DECIMAL ? undefined : 10n ** BigInt(exponent);
}

/** Splits time stamps into `seconds` and `nanoseconds`. For the usual units it makes neither an object nor a bigint. */
export class TimeScale {
  /** Seconds since the epoch, rounded down. They are negative before the epoch. */
  seconds = 0;
  /** Nanoseconds of the second, 0 to 999,999,999. What is finer than a nanosecond is cut off. */
  nanoseconds = 0;
  readonly units: bigint;
  /** Seconds that are added to each time stamp (if_tsoffset). */
  readonly offset: bigint;
  /**
   * Units in a second as a number, if a unit is a decimal fraction of a second and no finer than a nanosecond;
   * otherwise 0.
   */
  readonly #plainUnits: number;
  readonly #plainOffset: number;

  constructor(units: bigint, offset: bigint) {
    this.units = units;
    this.offset = offset;
    const plain = Number(units);
    const isPlain = plain <= NANOSECONDS && NANOSECONDS % plain === 0 && Number.isSafeInteger(Number(offset));
    this.#plainUnits = isPlain ? plain : 0;
    this.#plainOffset = Number(offset);
  }

  /**
   * Splits one time stamp into the fields of this object.
   *
   * @param high the upper 32 bits of the time stamp
   * @param low the lower 32 bits of the time stamp
   * @returns false if the seconds cannot be stored in a number exactly
   */
  split(high: number, low: number): boolean {
    const units = this.#plainUnits;
    if (units === 0) return this.#splitLong(high, low);
    // This is a long division in digits of 32, 16 and 16 bits, of which no step exceeds 2^53.
    const middle = (high % units) * 0x1_0000 + (low >>> 16);
    const last = (middle % units) * 0x1_0000 + (low & 0xffff);
    const upper = Math.floor(high / units) * TWO_32 + Math.floor(middle / units) * 0x1_0000;
    this.seconds = upper + Math.floor(last / units) + this.#plainOffset;
    this.nanoseconds = (last % units) * (NANOSECONDS / units);
    return Number.isSafeInteger(this.seconds);
  }

  #splitLong(high: number, low: number): boolean {
    const stamp = (BigInt(high) << 32n) | BigInt(low);
    this.seconds = Number(stamp / this.units + this.offset);
    this.nanoseconds = Number(((stamp % this.units) * BigInt(NANOSECONDS)) / this.units);
    return Number.isSafeInteger(this.seconds);
  }
}

/** Returns nanoseconds since the epoch. */
export function toNanoseconds(seconds: number, nanoseconds: number): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
}
