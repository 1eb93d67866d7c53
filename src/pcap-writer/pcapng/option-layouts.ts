/** Turns the values of options from one byte order to the other. */

/**
 * Bytes of each number that a value consists of, by the code of its option. The value of an option without an entry is
 * the same in both byte orders.
 */
export type OptionLayouts = Readonly<Record<number, readonly number[]>>;

/** opt_custom (section 3.5.1): an enterprise number of 32 bits, and data whose byte order only its owner knows. */
const CUSTOM_OPTIONS: readonly number[] = [2988, 2989, 19372, 19373];
const ENTERPRISE_LENGTH = 4;

/** Returns a value in the other byte order. A value whose length differs from its layout stays as it is. */
export function turned(code: number, value: Uint8Array, layouts: OptionLayouts): Uint8Array {
  const layout = CUSTOM_OPTIONS.includes(code) ? customLayout(value) : (layouts[code] ?? []);
  const length = layout.reduce((sum, width) => sum + width, 0);
  if (layout.length === 0 || length !== value.length) return value;
  const result = Uint8Array.from(value);
  let at = 0;
  for (const width of layout) {
    result.subarray(at, at + width).reverse();
    at += width;
  }
  return result;
}

function customLayout(value: Uint8Array): number[] {
  const rest = Math.max(0, value.length - ENTERPRISE_LENGTH);
  return [ENTERPRISE_LENGTH, ...Array.from({ length: rest }, () => 1)];
}
