/** What `ringcap fleet follow` says: on standard error, and while a table is on the terminal in a line of it. */
import { sayNote, sayWarning } from "./messages.ts";

export class FollowMessages {
  readonly #quiet: boolean;
  /** Takes what is said while a table is shown. */
  onTable: ((text: string) => void) | undefined;

  constructor(quiet = false) {
    this.#quiet = quiet;
  }

  readonly warn = (text: string): void => {
    if (this.onTable === undefined) sayWarning(text);
    else this.onTable(text);
  };

  readonly note = (text: string): void => {
    if (this.onTable !== undefined) this.onTable(text);
    else if (!this.#quiet) sayNote(text);
  };
}
