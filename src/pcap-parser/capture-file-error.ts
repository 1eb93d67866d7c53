/** What is wrong with a capture file, and where. */
import { RingcapError } from "../errors.ts";
import { escapeText } from "./escape-text.ts";

/**
 * `truncated`: the file ends inside a record, as after a crash or a copy that was cut off, and everything before that
 * record is good. `corrupt`: the file contradicts itself. `unsupported`: it is not a capture file, or a variant of one
 * that is not read.
 */
export type CaptureFileFault = "truncated" | "corrupt" | "unsupported";

/** A RingcapError INPUT with the place in the file where the fault was found. */
export class CaptureFileError extends RingcapError {
  readonly reason: CaptureFileFault;
  /** Offset in bytes, in the file, or in what the file inflates to if it is compressed. */
  readonly offset: number;

  /** @internal */
  constructor(message: string, operation: string, reason: CaptureFileFault, offset: number, hint?: string) {
    super(message, { code: "INPUT", operation, hint });
    this.reason = reason;
    this.offset = offset;
  }
}

/** Makes the errors of one input, with its name in each message. */
export class FaultReporter {
  readonly #operation: string;
  readonly #unit: string;
  /** Whether the bytes come out of a compressed file. */
  readonly inflated: boolean;

  /**
   * @param name the name of the input as the caller gave it; this class escapes it
   * @param inflated whether offsets count inflated bytes
   */
  constructor(name: string, inflated: boolean) {
    this.inflated = inflated;
    this.#operation = `read ${escapeText(name)}`;
    this.#unit = inflated ? "inflated byte" : "byte";
  }

  truncated(offset: number, end: number, inside: string): CaptureFileError {
    return this.#error("truncated", offset, `the file is cut off at ${this.#unit} ${end}, inside ${inside}`);
  }

  corrupt(offset: number, what: string): CaptureFileError {
    return this.#error("corrupt", offset, what);
  }

  unsupported(offset: number, what: string, hint?: string): CaptureFileError {
    return this.#error("unsupported", offset, what, hint);
  }

  #error(reason: CaptureFileFault, offset: number, what: string, hint?: string): CaptureFileError {
    const message = `${this.#operation}: ${this.#unit} ${offset}: ${what}`;
    return new CaptureFileError(message, this.#operation, reason, offset, hint);
  }
}
