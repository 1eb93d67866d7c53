/** Which numbers the values of options consist of, for those that change from one byte order to the other. */

/** Bytes of each number of a value, by the option's code. An option that is not named is the same in both byte orders. */
export type OptionLayouts = Readonly<Record<number, readonly number[]>>;

/** opt_custom, section 3.5.1: an enterprise number of 32 bits, and data of which only its owner knows the byte order. */
const CUSTOM_OPTIONS: readonly number[] = [2988, 2989, 19372, 19373];
const ENTERPRISE_LENGTH = 4;

/** The value in the other byte order. One of another length than its option has stays as it is. */
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
