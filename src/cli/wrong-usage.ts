/** Says what to type after a refusal of the command line's parser, whose own messages say only what is wrong. */
import type { Command, CommanderError } from "commander";
import { distance, nearest } from "../options/index.ts";
import { sayNote } from "./messages.ts";

const LONGEST_DISTANCE = 2;
const SHORTEST_NAME = "--json".length;

/**
 * Adds the texts to a command.
 *
 * @param others returns the commands of the program with their options. It is called at a refusal
 */
export function sayWhatToType(command: Command, others: () => readonly Command[]): void {
  command.showSuggestionAfterError(false).exitOverride((error) => {
    if (error.exitCode !== 0) sayNote(hintAfter(error, command, others()));
    throw error;
  });
}

export function hintAfter({ message }: CommanderError, command: Command, commands: readonly Command[]): string {
  const help = `${pathOf(command)} --help shows what it takes`;
  const own = /^error: unknown command '(.+)'$/s.exec(message)?.[1];
  if (own !== undefined) {
    const near = nearest(
      own,
      command
        .createHelp()
        .visibleCommands(command)
        .map((other) => other.name()),
    );
    return near === undefined ? help : `did you mean "${pathOf(command)} ${near}"? ${help}`;
  }
  const word = /^error: unknown option '(.+)'$/s.exec(message)?.[1];
  if (word === undefined) return help;
  // The word may have a value or further letters, as in --pps=10 and -tnp, and the parser knows not even its first
  // letter.
  const name = word.startsWith("--") ? word.replace(/=.*/s, "") : word.slice(0, 2);
  const holders = commands.filter((other) => other !== command && namesOf(other).includes(name));
  const inner = holders.find((other) => command.args.includes(other.name()));
  if (inner !== undefined && command.parent?.parent) {
    return `type -- before the command: ${pathOf(command)} ... -- ${inner.name()} ...; ${help}`;
  }
  if (holders.length > 0) {
    return `${name} is an option of ${holders.map((other) => `ringcap ${other.name()}`).join(", ")}; ${help}`;
  }
  const near = name.startsWith("--") ? nearestOf(namesOf(command), name) : undefined;
  return near === undefined ? help : `did you mean ${near}? ${help}`;
}

/** Returns the words that are typed for a command: ringcap extcap install. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Returns the name that differs in the fewest letters, and of several such names one that begins with the word. */
function nearestOf(names: readonly string[], word: string): string | undefined {
  const differenceOf = (own: string) => distance(word, own) - (own.startsWith(word) ? 0.5 : 0);
  return names
    .filter((own) => own.length >= SHORTEST_NAME && distance(word, own) <= LONGEST_DISTANCE)
    .toSorted((one, other) => differenceOf(one) - differenceOf(other))[0];
}

/** Returns the names of the options without those that are there to be refused. */
function namesOf({ options }: Command): string[] {
  const names = options.filter(({ hidden }) => !hidden).flatMap(({ short, long }) => [short, long]);
  return names.filter((name) => name !== undefined);
}
