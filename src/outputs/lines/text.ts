/**
 * Prints text that packets carry, such as names, options and first lines. The text is hostile: it may hold the escape
 * sequences of a terminal, or characters that reverse the direction of what follows. All of it passes through this file
 * byte by byte, and comes out in ASCII.
 */
import type { Line } from "./line.ts";

/** One text for each value of a byte, as tcpdump and cat -v write it: `^[` for escape, `M-a` for 0xe1. */
const CARET_FORMS = Array.from({ length: 256 }, (_, byte) => {
  const low = byte & 0x7f;
  const isPrintable = low >= 0x20 && low < 0x7f;
  return `${byte > 0x7f ? "M-" : ""}${isPrintable ? "" : "^"}${String.fromCharCode(isPrintable ? low : low ^ 0x40)}`;
});

/** The other form of text that tcpdump has, for a few protocols: `\0x1b` for escape. */
const HEX_FORMS = Array.from({ length: 256 }, (_, byte) => {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\0x${byte.toString(16).padStart(2, "0")}`;
});

export function caretText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += CARET_FORMS[byte];
  return text;
}

export function escapedText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX_FORMS[byte];
  return text;
}

/** Adds at most `length` captured bytes as text in the caret form. With `untilZero` the text ends at a zero byte. */
export function addText(line: Line, at: number, length: number, untilZero = false): void {
  let bytes = line.bytes.subarray(at, Math.min(at + length, line.end));
  const zero = untilZero ? bytes.indexOf(0) : -1;
  if (zero >= 0) bytes = bytes.subarray(0, zero);
  line.add(caretText(bytes));
  if (zero < 0 && !line.has(at, length)) line.cut();
}
