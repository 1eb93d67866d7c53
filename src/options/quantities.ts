/** Times and sizes in text, as options and configuration files have them. */

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
const UNITS: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 };
const BINARY_UNITS: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** What to type for a time, and for a size. */
export const TIME_HINT = "type seconds, or one number and its unit: 500ms, 10s, 5m, 1h";
export const SIZE_HINT = "type 500k, 10M, 2G or 64Mi";

/** Returns the seconds of a time such as 10, 500ms, 5m or 1h; undefined where the text is none. */
export function secondsOf(text: string): number | undefined {
  const [, digits, unit = "s"] = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|m|h)?$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * (SECONDS[unit] ?? 1);
}

/** Returns the bytes of a size such as 500k, 64Mi or 1G; undefined where the text is none. @param bare bytes of one without a unit */
export function bytesOf(text: string, bare: number): number | undefined {
  const [, digits, letter = "", binary] = /^(\d+(?:\.\d+)?)(?:([kmg])(i)?)?$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const units = binary === undefined ? UNITS : BINARY_UNITS;
  return Math.floor(Number(digits) * (units[letter.toLowerCase()] ?? bare));
}

/** Returns how many units a letter stands for: a thousand for k. It is one without a letter. */
export function unitOf(letter: string | undefined): number {
  return UNITS[letter?.toLowerCase() ?? ""] ?? 1;
}
