/** Turns numbers into names. */

/**
 * Makes a function that returns the name of a number. In `otherwise`, the text for numbers without a name, `%d` and
 * `%x` stand for the number.
 */
export function namesOf(table: Readonly<Record<number, string>>, otherwise: string): (value: number) => string {
  const names = new Map(Object.entries(table).map(([value, name]) => [Number(value), name]));
  return (value) => names.get(value) ?? unnamed(otherwise, value);
}

function unnamed(otherwise: string, value: number): string {
  return otherwise.replace("%d", String(value)).replace("%x", value.toString(16));
}

/** Returns the names of the bits that are set, in the order of the table. */
export function bitNames(
  table: readonly (readonly [bit: number, name: string])[],
  value: number,
  none: string,
  separator = ", ",
): string {
  const names = table.filter(([bit]) => (value & bit) === bit).map(([, name]) => name);
  return names.length === 0 ? none : names.join(separator);
}

export function hex(value: number, digits = 1): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
