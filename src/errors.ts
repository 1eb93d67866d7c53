/**
 * The one error class of ringcap, and the wording of every failure that more than one place can meet.
 *
 * A message has three parts: what was tried, what the answer was, and (as `hint`) what to do next.
 */
import { constants } from "node:os";

/** The kind of a failure, from which the command line derives its exit code. */
export type ErrorCode =
  /** An option, or a combination of options, that cannot be honoured. */
  | "USAGE"
  /** The process lacks a privilege. */
  | "PRIVILEGE"
  /** The interface does not exist, or cannot be captured from. */
  | "INTERFACE"
  /** The interface went away during the capture. */
  | "INTERFACE_REMOVED"
  /** The kernel lacks a feature, or refused the program. */
  | "KERNEL"
  /** The output could not be opened or written. */
  | "OUTPUT"
  /** The reader of the output closed it. */
  | "OUTPUT_CLOSED"
  /** An input file is not what it claims to be. */
  | "INPUT"
  /** A part of the installation is missing. */
  | "INSTALLATION"
  /** A fault of ringcap itself. */
  | "INTERNAL";

export interface RingcapErrorDetails {
  readonly code: ErrorCode;
  /** What was tried, in the words of the user's world: "attach to v0 (xdp-native)". */
  readonly operation: string;
  /** What to do next: a sentence or a command. Options of the library stand in it as they are written: `hook: "tc"`. */
  readonly hint?: string | undefined;
  /** The option that cannot be honoured, with which the message begins. */
  readonly option?: string | undefined;
  readonly cause?: unknown;
}

/** A failure of ringcap. `message` says what was tried and what the answer was; `hint` says what to do next. */
export class RingcapError extends Error {
  /** Always "RingcapError", also in subclasses. */
  override readonly name = "RingcapError";
  readonly code: ErrorCode;
  /** What was tried, in the words of the user's world: "attach to v0 (xdp-native)". */
  readonly operation: string;
  /** What to do next: a sentence or a command. It is undefined where nothing is known that helps. */
  readonly hint: string | undefined;
  /** The option that cannot be honoured; undefined for other failures than USAGE, and for some of those. */
  readonly option: string | undefined;

  /** @internal */
  constructor(message: string, details: RingcapErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.operation = details.operation;
    this.hint = details.hint;
    this.option = details.option;
  }
}

/** An option that cannot be honoured, by its name. */
export function usageError(option: string, message: string, hint?: string): RingcapError {
  const operation = `read the option ${option}`;
  return new RingcapError(`${option}: ${message}`, { code: "USAGE", operation, hint, option });
}

/** A word of the command line that means nothing where it stands. */
export function wordError(word: string, message: string, hint: string): RingcapError {
  const operation = `read the word ${word}`;
  return new RingcapError(`${word}: ${message}`, { code: "USAGE", operation, hint });
}

/** Makes the error for a request that a session honours only once. */
export function onceError(operation: string): RingcapError {
  return new RingcapError(`${operation}: it can be done once`, { code: "USAGE", operation });
}

/** Returns the text of any thrown value, for the end of a message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const errno = unnamedErrno(error);
  return errno === undefined ? error.message : `${errno}${"syscall" in error ? `, ${error.syscall}` : ""}`;
}

/**
 * Returns the text of a thrown value without the path that Node.js puts behind the reason, for a message that names the
 * file itself.
 */
export function reasonWithoutPath(error: unknown): string {
  const reason = reasonOf(error);
  if (!(error instanceof Error && "syscall" in error && "path" in error)) return reason;
  const end = reason.lastIndexOf(`, ${error.syscall} '${error.path}'`);
  return end < 0 ? reason : reason.slice(0, end);
}

/** Returns the errno name ("ENOSPC") of a failed system call, if the thrown value has one. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") {
    return unnamedErrno(error) ?? error.code;
  }
  return undefined;
}

/** Returns the name of an error for which libuv has none ("Unknown system error -122" is EDQUOT). */
function unnamedErrno(error: object): string | undefined {
  if (!("code" in error && "errno" in error && String(error.code).startsWith("Unknown system error"))) return undefined;
  return Object.entries(constants.errno).find(([, value]) => value === -Number(error.errno))?.[0];
}

/** The error of a failed system call as the addon throws it. */
export interface SystemFailure {
  /** The errno name, such as "EPERM". */
  readonly code: string;
  /** What the addon tried, such as "create a clsact qdisc". */
  readonly operation?: string;
  /** The messages of libbpf. */
  readonly log?: string;
  /** The log of the kernel's verifier. */
  readonly verifierLog?: string;
}
