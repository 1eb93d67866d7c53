import type { Line } from "./line.ts";
import { caretText } from "./text.ts";

/** Reads a domain name without compression, as options carry it (RFC 8415, section 10). */
export function readLabels(line: Line, start: number, end: number): { text: string; next: number } {
  let at = start;
  let text = "";
  while (at < end) {
    const length = line.u8(at);
    if (length === 0 || at + 1 + length > end) break;
    text += `${caretText(line.slice(at + 1, length))}.`;
    at += 1 + length;
  }
  return { text: text === "" ? "." : text, next: at + 1 };
}
