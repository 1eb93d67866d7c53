/**
 * All text that leaves the command line passes through these functions. Names of interfaces, programs, files and
 * suites, and the texts of a kernel or a file, are chosen by others. None of them may steer a terminal, hide text, or
 * begin a line of its own.
 */

/** Control characters, formatting characters (U+202E reverses text), other line ends, and halves of surrogate pairs. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const STEERING_WITHIN_LINES = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const STEERING_BUT_COLOUR = new RegExp(`(${"\u001b"}\\[\\d+m)|${STEERING_WITHIN_LINES.source}`, "gu");

/** Most texts. The patterns above take a millisecond to compile. */
const PLAIN = /^[ -~]*$/;
const PLAIN_LINES = /^[ -~\n\t]*$/;

/** Returns one piece of a line, with steering characters as JSON writes them: `\u001b`. */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll(STEERING, escaped);
}

/** Returns whole lines, in which line ends and tabs are kept because the command line has put them there. */
export function printableLines(text: string): string {
  return PLAIN_LINES.test(text) ? text : text.replaceAll(STEERING_WITHIN_LINES, escaped);
}

/** Returns whole lines that the command line has coloured. Their pieces went through printable(). */
export function printableColouredLines(text: string): string {
  return text.replaceAll(STEERING_BUT_COLOUR, (found: string, colour: string | undefined) => colour ?? escaped(found));
}

/**
 * Returns a message of which only the first line begins at the margin, because `::error::` at the margin is a command
 * to some CI services.
 */
export function printableMessage(text: string): string {
  return printableLines(text).replaceAll(/\n(?! )/g, "\n  ");
}

/** Returns JSON of the same value without characters that would steer a terminal. */
export function printableJson(value: unknown, indent?: number): string {
  return printableLines(JSON.stringify(value, null, indent));
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}
