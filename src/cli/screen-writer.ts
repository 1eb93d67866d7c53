/** Writes screens to the terminal, and leaves out those that a terminal that stalls has no time for. */
import type { ByteOutput } from "../outputs/index.ts";
import { stdout } from "./standard-streams.ts";

export class ScreenWriter {
  readonly #output: ByteOutput;
  #isBusy = false;

  constructor(output: ByteOutput) {
    this.#output = output;
  }

  /** @returns whether the terminal has taken what came before */
  readonly write = (text: string): boolean => {
    if (this.#isBusy) return false;
    const writing = this.#output.write(Buffer.from(text));
    if (writing === undefined) return true;
    this.#isBusy = true;
    writing.then(
      () => {
        this.#isBusy = false;
      },
      // A terminal that is gone sends SIGHUP, which ends the command.
      () => {},
    );
    return true;
  };

  readonly writeNow = (text: string): void => stdout.write(text);

  /** @param last what gives the terminal back */
  close(last: string): void {
    if (this.#isBusy) this.#output.abandon();
    stdout.write(last);
  }
}
