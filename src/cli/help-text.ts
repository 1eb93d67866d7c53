/** The texts of a help that the parser does not make itself. */
import type { Example } from "./command.ts";

/** Columns where no terminal says how many there are, as the parser has it. */
const COLUMNS_DEFAULT = 80;
const NARROWEST = 20;
const INDENT = "  ";

/**
 * Returns examples, each as a comment and a command that a shell takes as they stand. A command is never broken, because it
 * is copied.
 *
 * @param onError whether the help goes to standard error
 */
export function formatExamples(examples: readonly Example[], onError: boolean, columns = columnsOf(onError)): string {
  const lines = examples.flatMap(({ command, comment }) => [
    ...wrap(comment, columns - INDENT.length - 2).map((line) => `${INDENT}# ${line}`),
    `${INDENT}${command}`,
  ]);
  return `Examples:\n${lines.join("\n")}\n`;
}

function columnsOf(onError: boolean): number {
  const { isTTY, columns } = onError ? process.stderr : process.stdout;
  return (isTTY && columns) || COLUMNS_DEFAULT;
}

/** Returns the text in lines that end between words. A word that is longer than a line has one of its own. */
function wrap(text: string, columns: number): string[] {
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
