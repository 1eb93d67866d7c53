/**
 * Writes text to a standard stream. While its reader stalls, the text waits in memory, and the rest of the process goes
 * on.
 */
import { type ByteOutput, isTerminal, openByteOutput } from "../outputs/index.ts";

/** The most characters that wait. Further messages are left out. */
const WAITING_MAX = 1 << 20;

export class TextStream {
  readonly isTerminal: boolean;
  readonly #fd: number;
  readonly #name: string;
  readonly #onError: (error: unknown) => void;
  #output: ByteOutput | undefined;
  #waiting = "";
  #writing: Promise<void> | undefined;
  #failed = false;

  /** @param onError is called with the failure of the first write that fails; nothing is written after it */
  constructor(fd: number, name: string, onError: (error: unknown) => void) {
    this.#fd = fd;
    this.#name = name;
    this.#onError = onError;
    this.isTerminal = isTerminal(fd);
  }

  /** Whether everything was taken. */
  get isIdle(): boolean {
    return this.#writing === undefined;
  }

  /** Opens the output, which the first write opens otherwise. */
  open(): void {
    try {
      this.#output ??= openByteOutput(this.#fd, this.#name);
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * Returns the stream for bytes, whose writes wait as long as the reader takes. Closing what is returned leaves the
   * stream open.
   */
  asByteOutput(): ByteOutput {
    this.#output ??= openByteOutput(this.#fd, this.#name);
    const output = this.#output;
    return {
      get bytesWritten() {
        return output.bytesWritten;
      },
      write: (bytes) => output.write(bytes),
      abandon: () => output.abandon(),
      close: () => {},
    };
  }

  write(text: string): void {
    if (this.#failed) return;
    if (this.#writing !== undefined) {
      if (this.#waiting.length + text.length <= WAITING_MAX) this.#waiting += text;
      return;
    }
    try {
      this.#output ??= openByteOutput(this.#fd, this.#name);
      const writing = this.#output.write(Buffer.from(text));
      if (writing === undefined) return;
      this.#writing = writing.then(
        () => this.#continue(),
        (error) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #continue(): Promise<void> | undefined {
    this.#writing = undefined;
    const text = this.#waiting;
    this.#waiting = "";
    if (text !== "") this.write(text);
    return this.#writing;
  }

  #fail(error: unknown): void {
    this.#writing = undefined;
    this.#waiting = "";
    this.#failed = true;
    this.#onError(error);
  }

  /** Resolves when everything was taken, or given up. */
  async flush(): Promise<void> {
    await this.#writing;
  }
}
