/** Options as IPv4 and TCP have them: a kind, a length that counts both, and a value; two kinds are a byte alone. */
import type { Rewriting } from "./rewriting.ts";

const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;

/**
 * Steps through options. What follows the end of the options is overwritten with zeros.
 *
 * @param each is called with every whole option that has a length
 * @returns where the options end, or where the first one begins that is not whole
 */
export function eachOption(
  rewriting: Rewriting,
  start: number,
  end: number,
  each: (kind: number, at: number, length: number) => void,
): number {
  for (let at = start; at < end; ) {
    const kind = rewriting.uint8(at);
    if (kind === END_OF_OPTIONS) {
      rewriting.bytes.fill(0, at, end);
      return end;
    }
    if (kind === NO_OPERATION) {
      at++;
      continue;
    }
    const length = at + 1 < end ? rewriting.uint8(at + 1) : 0;
    if (length < 2 || at + length > end) return at;
    each(kind, at, length);
    at += length;
  }
  return end;
}
