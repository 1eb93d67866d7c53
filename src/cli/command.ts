/** What the command line knows of each command before it runs: the table of commands/index.ts is made of these. */
import type { Command } from "commander";
import type { CommandManual } from "./command-manual.ts";
import type { CommandWords } from "./command-words.ts";

export interface Example {
  /** The words as they are typed into a shell. */
  readonly command: string;
  /** What the command does, in less than a line and without a full stop. */
  readonly comment: string;
}

export interface RingcapCommand {
  readonly name: string;
  /** Whether it runs where no command is named. */
  readonly isDefault?: true;
  /** Whether ringcap alone starts it: it is in no list, has no manual page and no examples. */
  readonly isHidden?: true;
  /** What it does, in less than a line and without a full stop. */
  readonly summary: string;
  /** Four examples, which stand first in the help. Each of them must be accepted as it stands. */
  readonly examples: readonly Example[];
  /** Whole sentences that stand below the options in the help. */
  readonly notes?: string;
  readonly manual: CommandManual;
  /** What the words behind `--` are where they are no arguments: a program with its own, or a command of ringcap. */
  readonly behindSeparator?: "program" | "ringcap";
  /** Commands of its own, as install is one of `ringcap extcap`. Such a command has no `run`. */
  readonly commands?: readonly RingcapCommand[];
  /** Declares the arguments and the options. */
  readonly addOptions?: (command: Command) => unknown;
  /**
   * Runs the command. Its file is imported only then, so that a capture starts without waiting for the others.
   *
   * @param given the arguments in their order, then the flags, and then all words as CommandWords
   * @returns the exit code
   */
  readonly run?: (...given: never[]) => Promise<number>;
}

/** Runs a command with what the parser gave, which has the types that its addOptions() declared. */
export async function runCommand({ run }: RingcapCommand, given: readonly unknown[], words: CommandWords) {
  return (run as (...given: unknown[]) => Promise<number>)(...given, words);
}
