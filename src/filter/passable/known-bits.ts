/** Words of 32 bits of which some bits are known. */

export interface Bits {
  readonly value: number;
  /** The bits that are known. The others are 0 in the value. */
  readonly mask: number;
}

const ALL = 0xffff_ffff;
export const UNKNOWN: Bits = { value: 0, mask: 0 };

export function known(value: number): Bits {
  return { value: value >>> 0, mask: ALL };
}

export function isKnown({ mask }: Bits): boolean {
  return mask === ALL;
}

/** Puts words of some bytes one behind the other, the most significant first. */
export function joined(bytes: readonly Bits[]): Bits {
  let [value, mask] = [0, (ALL << (8 * bytes.length)) >>> 0];
  if (bytes.length === 4) mask = 0;
  for (const [index, byte] of bytes.entries()) {
    const shift = 8 * (bytes.length - 1 - index);
    value = (value | (byte.value << shift)) >>> 0;
    mask = (mask | ((byte.mask & 0xff) << shift)) >>> 0;
  }
  return { value, mask };
}

export function and({ value, mask }: Bits, constant: number): Bits {
  return { value: (value & constant) >>> 0, mask: (mask | ~constant) >>> 0 };
}

/** Whether a word equals a constant; undefined: it may. */
export function equals({ value, mask }: Bits, constant: number): boolean | undefined {
  if (((value ^ constant) & mask) !== 0) return false;
  return mask === ALL ? true : undefined;
}

/** Whether a word and a constant have a bit in common; undefined: they may. */
export function haveCommon({ value, mask }: Bits, constant: number): boolean | undefined {
  if ((value & constant) !== 0) return true;
  return (constant & ~mask) === 0 ? false : undefined;
}
