/** What may stand as the value of an option or of an argument. Completion offers it. */

export interface Values {
  readonly kind:
    | "words"
    | "file"
    | "directory"
    | "interface"
    | "user"
    | "group"
    | "process"
    | "process-name"
    | "program";
  /** Words that may stand there, beside what the kind says. */
  readonly words?: readonly string[];
  /** Extensions of files, without a dot. Files of other names are offered where there is none of these. */
  readonly extensions?: readonly string[];
  /** The signs that part several values: "," or ",/". */
  readonly separators?: string;
  /** A sign that may stand in front of each word. */
  readonly prefix?: string;
  /** Whether `@file` may stand there, which is a list in a file. */
  readonly fromFile?: true;
}

/** What option and argument say beyond one line of help. */
export interface Manual {
  /** Sentences for the manual page, which follow the line of the help. An empty line begins another paragraph. */
  readonly details?: string;
  readonly values?: Values;
}

export const DIRECTORY: Values = { kind: "directory" };
export const INTERFACE: Values = { kind: "interface" };
export const USER: Values = { kind: "user" };
/** A user to become, and the word that keeps all privileges. */
export const USER_OR_NONE: Values = { kind: "user", words: ["none"] };
export const GROUP: Values = { kind: "group" };
export const PROGRAM: Values = { kind: "program" };
/** A list that only a file can complete: ports, addresses, networks. */
export const LIST: Values = { kind: "words", separators: ",", fromFile: true };
export const PROCESSES: Values = { kind: "process", separators: ",", fromFile: true };
export const PROCESS_NAMES: Values = { kind: "process-name", separators: ",", fromFile: true };
export const TCP_FLAGS: Values = {
  kind: "words",
  words: ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"],
  separators: ",/",
  prefix: "!",
};
export const CAPTURE_FILES: Values = files("pcap", "pcapng", "cap", "gz", "zst");

export function words(...offered: readonly string[]): Values {
  return { kind: "words", words: offered };
}

export function wordList(...offered: readonly string[]): Values {
  return { kind: "words", words: offered, separators: "," };
}

export function files(...extensions: readonly string[]): Values {
  return { kind: "file", extensions };
}

/** What the name of a value says by itself: <file>, <directory>, <program>. */
const BY_NAME: Readonly<Record<string, Values>> = {
  file: files(),
  directory: DIRECTORY,
  program: PROGRAM,
};

/** @param flags of an option or an argument: "-w, --write <file>", "<file...>" */
export function valuesByName(flags: string): Values | undefined {
  const name = /[<[]([^>\].]+)/.exec(flags)?.[1];
  return name === undefined ? undefined : BY_NAME[name];
}
