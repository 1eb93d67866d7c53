/** What the manual page of a command says beyond its options and examples. Nothing of it is needed to run the command. */

/** A term, and what is to be said about it in whole sentences. */
export type Entry = readonly [term: string, text: string];

export interface CommandManual {
  /** Paragraphs, with an empty line between two of them. */
  readonly description: string;
  readonly exitStatus: readonly Entry[];
  readonly signals?: readonly Entry[];
  readonly environment?: readonly Entry[];
  readonly files?: readonly Entry[];
  /** Commands of ringcap, and pages of other programs with their section: "tcpdump(8)". */
  readonly seeAlso: readonly string[];
}

export const DONE: Entry = ["0", "Everything was done."];
export const FAILED: Entry = ["1", "Something failed. A message on standard error says what, and what to do next."];
export const USAGE: Entry = ["2", "The words of the command line cannot be honoured. Nothing was begun."];
export const BAD_INPUT: Entry = [
  "3",
  "An input file cannot be read or is broken. What stands before the fault was read.",
];
export const DIFFERENCE: Entry = ["4", "What came out is not what was expected."];

export const NO_COLOR: Entry = ["NO_COLOR", "No colours are used on terminals where it is set to anything."];
export const SUDO: Entry = [
  "SUDO_UID, SUDO_GID",
  "The user that root becomes, and the owner of files that are made, where --user does not say otherwise.",
];
export const STOPPING: Entry = [
  "SIGINT, SIGTERM",
  "The end: what was captured is written, and the counts are printed. A further one does not wait for slow readers.",
];
export const TELLING: Entry = ["SIGUSR1", "The counts so far are printed on standard error."];
export const FLUSHING: Entry = ["SIGUSR2", "What waits in the rings and in memory is written at once."];
