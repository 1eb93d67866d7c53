/**
 * Text that others chose, such as the name of a file: isolated, so that its direction changes nothing around it, and
 * clipped by what it takes of the page, so that no capture makes the page larger than it may be.
 */
import { clipped } from "../words/clipped.ts";
import { html, type Markup } from "./html.ts";

const BYTES = 160;

/** @param limit bytes of markup at most, beside the words that say what is left out */
export function foreign(text: string, limit = BYTES): Markup {
  return html`<bdi>${fitting(text, limit)}</bdi>`;
}

/** The same in a fixed pitch. */
export function foreignCode(text: string, limit = BYTES): Markup {
  return html`<code><bdi>${fitting(text, limit)}</bdi></code>`;
}

/** @returns the text, or as much of its beginning as takes so many bytes of markup, with the number of characters left out */
export function fitting(text: string, limit: number): string {
  let length = Math.min(text.length, limit);
  for (;;) {
    const bytes = Buffer.byteLength(html`${text.slice(0, length)}`.toString());
    if (bytes <= limit) return clipped(text, length);
    length = Math.min(length - 1, Math.floor((length * limit) / bytes));
  }
}
