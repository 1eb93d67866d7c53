/**
 * The door for all text that leaves the command line. Names of interfaces, programs, files and suites, and what a kernel or
 * a file says, are chosen by others: nothing of it may steer a terminal, hide text or begin a line of its own.
 */

/** Control characters, formatting characters (U+202E turns text around), other line ends, halves of surrogate pairs. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const STEERING_WITHIN_LINES = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const STEERING_BUT_COLOUR = new RegExp(`(${"\u001b"}\\[\\d+m)|${STEERING_WITHIN_LINES.source}`, "gu");

/** One piece of a line, with what would steer as JSON writes it: `\u001b`. */
export function printable(text: string): string {
  return text.replaceAll(STEERING, escaped);
}

/** Whole lines, whose ends and tabulators are the command line's own. */
export function printableLines(text: string): string {
  return text.replaceAll(STEERING_WITHIN_LINES, escaped);
}

/** Whole lines that the command line has coloured, of pieces that went through printable(). */
export function printableColouredLines(text: string): string {
  return text.replaceAll(STEERING_BUT_COLOUR, (found: string, colour: string | undefined) => colour ?? escaped(found));
}

/** A message of which only the first line begins at the margin: `::error::` at the margin is an order to a CI service. */
export function printableMessage(text: string): string {
  return printableLines(text).replaceAll(/\n(?! )/g, "\n  ");
}

/** JSON with nothing in it that would steer a terminal. It says the same. */
export function printableJson(value: unknown, indent?: number): string {
  return printableLines(JSON.stringify(value, null, indent));
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}
