/**
 * Turns nanoseconds into units of an interface: if_tsresol and if_tsoffset of draft-ietf-opsawg-pcapng, section 4.2.
 */
import { usageError } from "../../errors.ts";
import { checkNumber, MOST_64 } from "./checks.ts";

/** if_tsresol of an interface that states none: microseconds. */
export const DEFAULT_RESOLUTION = 6;

const NANOSECONDS = 1_000_000_000n;
const BINARY = 0x80;
const MOST_DECIMAL = 19;
const MOST_BINARY = 63;

export class TimeUnits {
  readonly #perSecond: bigint;
  readonly #offset: bigint;
  /**
   * The number that is added before the division. It makes binary units round to the nearest, and decimal units cut
   * off.
   */
  readonly #rounding: bigint;

  /**
   * @param resolution an if_tsresol: n for units of 10^-n s, at most 19, or 128 + n for units of 2^-n s, at most 128 +
   *   63
   * @param offset an if_tsoffset: the seconds that readers add to each time
   * @throws RingcapError USAGE for units that are too small for 64 bits
   */
  constructor(resolution: number, offset: bigint) {
    checkNumber("timestampResolution", resolution, 0xff);
    const exponent = resolution & ~BINARY;
    const binary = (resolution & BINARY) !== 0;
    if (exponent > (binary ? MOST_BINARY : MOST_DECIMAL)) {
      throw usageError("timestampResolution", `units of ${binary ? 2 : 10}^-${exponent} s are too small for 64 bits`);
    }
    this.#perSecond = binary ? 1n << BigInt(exponent) : 10n ** BigInt(exponent);
    this.#offset = offset * NANOSECONDS;
    this.#rounding = binary ? NANOSECONDS / 2n : 0n;
  }

  /**
   * Turns a time into units.
   *
   * @param name the name of the field, for messages
   * @param nanoseconds nanoseconds since the epoch
   * @returns units of the interface, with its if_tsoffset subtracted
   * @throws RingcapError USAGE for a time that does not fit into 64 bits without a sign
   */
  of(name: string, nanoseconds: bigint): bigint {
    const since = nanoseconds - this.#offset;
    if (since < 0n)
      throw usageError(name, `${nanoseconds} ns is before ${this.#offset === 0n ? "1970" : "the offset"}`);
    const units = (since * this.#perSecond + this.#rounding) / NANOSECONDS;
    if (units > MOST_64) throw usageError(name, `${nanoseconds} ns does not fit the 64 bits that a time has`);
    return units;
  }
}
