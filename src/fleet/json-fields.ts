/** Values that came as JSON from elsewhere: each is of the wanted kind, or undefined. */

export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object that is no array. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A count, as JSON has it exactly. */
export function wholeOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
