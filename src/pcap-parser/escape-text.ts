/**
 * Escapes text that comes from a file, so that a message with it cannot steer the terminal of whoever reads the
 * message.
 */

/**
 * Characters of the Unicode categories control, format (which change the direction of text), surrogate and private use,
 * and separators of lines and paragraphs.
 */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Returns the text with control characters written as `\n`, `\x1b` or `\u{202e}`. Each backslash of the text is
 * doubled, so that the result can be read back.
 */
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
