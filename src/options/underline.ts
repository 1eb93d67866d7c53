/** Shows the place of a mistake in a text that the user wrote. */

/** Characters from the beginning; `end` is behind the last one. */
export interface Fault {
  readonly start: number;
  readonly end: number;
}

/** Characters of a text that are shown on both sides of a fault. */
const CONTEXT = 60;

/**
 * Returns the text and a caret under the fault, as two lines. A long text is shown in part. Undefined for a text that is
 * not ASCII.
 */
export function underline(text: string, { start, end }: Fault): string | undefined {
  const line = text.replaceAll(/[\t\n\r]/g, " ");
  // The width of other characters on a terminal is not known.
  if (!/^[ -~]*$/.test(line)) return undefined;
  const from = Math.max(0, start - CONTEXT);
  const to = Math.min(line.length, end + CONTEXT);
  const before = from > 0 ? "..." : "";
  const shown = `${before}${line.slice(from, to)}${to < line.length ? "..." : ""}`;
  const marker = "^".padEnd(Math.min(end, to + 1) - start, "~");
  return `  ${shown}\n  ${" ".repeat(before.length + start - from)}${marker}`;
}
