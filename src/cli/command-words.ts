/**
 * `-- COMMAND ARG...` is the command that runs while packets are captured. The words before it are options of ringcap.
 */
import { usageError } from "../errors.ts";

const SEPARATOR = "--";
const HINT = "type ringcap -i <interface> -w <file> -- <command>";

export interface CommandWords {
  /** The words for the parser of options. */
  readonly own: readonly string[];
  /** The program and its arguments; undefined where no command is given. */
  readonly command: readonly string[] | undefined;
}

/**
 * Splits words at the first "--", also where it stands in the place of an option's value.
 *
 * @param words the words behind the name of the program
 * @param others the names of ringcap's commands that capture nothing, whose words stay as they are
 * @throws RingcapError USAGE where nothing follows "--"
 */
export function splitCommand(words: readonly string[], others: readonly string[]): CommandWords {
  const index = words.indexOf(SEPARATOR);
  const [first = SEPARATOR] = words;
  if (index < 0 || others.includes(first)) return { own: words, command: undefined };
  const command = words.slice(index + 1);
  if (command[0] === undefined) throw usageError(SEPARATOR, "no command stands behind it", HINT);
  if (command[0] === "") throw usageError(SEPARATOR, "the name of the command is empty", HINT);
  return { own: words.slice(0, index), command };
}

/** Refuses to write packets to standard output, which belongs to the command. @throws RingcapError USAGE */
export function refuseItsStreams(write: string | undefined): void {
  if (write !== "-") return;
  throw usageError("--write", "standard output belongs to the command behind --", "write a file or a named pipe");
}
