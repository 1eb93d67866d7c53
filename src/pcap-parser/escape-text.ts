/** Text that a file supplies must not steer the terminal of whoever reads a message about it. */

/** Control, format (text direction among them), surrogate and private characters, line and paragraph separators. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The text with control characters as `\n`, `\x1b` or `\u{202e}`, and each backslash doubled so that it stays readable. */
export function escapeText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll(UNSAFE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, "0")}` : `\\u{${digits}}`;
}
