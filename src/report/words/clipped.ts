/** Texts that come from captures are as long as whoever made them likes. What is shown of them has a limit. */

/** The text, or its first characters and the number of those that are left out. */
export function clipped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit)}… (${(text.length - limit).toLocaleString("en")} more characters)`;
}
