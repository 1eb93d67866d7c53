/** The form of a help: what the parser does not print itself, and lines that fit into narrow terminals. */
import { type Command, Help, type HelpConfiguration } from "commander";
import type { Example } from "./command.ts";

/** Columns where no terminal says how many there are, as the parser has it. */
const COLUMNS_DEFAULT = 80;
/** A text beside its term has at least so many columns. Where fewer are left, it stands below the term. */
const NARROWEST_BESIDE = 36;
const NARROWEST = 10;
const INDENT = "  ";
const DEEP_INDENT = "      ";

export const HELP_FORMAT: HelpConfiguration = {
  minWidthToWrap: NARROWEST,
  subcommandTerm: (command) => command.name(),
  styleTitle(title) {
    return wrap(title, this.helpWidth ?? COLUMNS_DEFAULT).join("\n");
  },
  formatItem(term, termWidth, description, helper) {
    const columns = helper.helpWidth ?? COLUMNS_DEFAULT;
    if (columns - termWidth - 2 * INDENT.length >= NARROWEST_BESIDE) {
      return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
    }
    return [INDENT + term, ...wrap(description, columns - DEEP_INDENT.length).map((line) => DEEP_INDENT + line)].join(
      "\n",
    );
  },
};

/** @param onError whether the help goes to standard error @returns the columns that the help of the command has */
export function columnsOf(command: Command, onError: boolean): number {
  const { getOutHelpWidth, getErrHelpWidth } = command.configureOutput();
  return (onError ? getErrHelpWidth : getOutHelpWidth)?.() || COLUMNS_DEFAULT;
}

/**
 * Returns examples, each as a comment and a command that a shell takes as they stand. A command is never broken, because it
 * is copied.
 */
export function formatExamples(examples: readonly Example[], columns: number): string {
  const lines = examples.flatMap(({ command, comment }) => [
    ...wrap(comment, columns - INDENT.length - 2).map((line) => `${INDENT}# ${line}`),
    `${INDENT}${command}`,
  ]);
  return `Examples:\n${lines.join("\n")}\n`;
}

/** Returns the text in lines that end between words. A word that is longer than a line has one of its own. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= Math.max(columns, NARROWEST)) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
