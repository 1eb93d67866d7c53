/** A screen of a command: the alternate one of the terminal, drawn anew as often as there is something new, and keys. */
import { isatty } from "node:tty";

const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const ERASE_LINE = "\u001b[K";
const ERASE_BELOW = "\u001b[J";
const INTERRUPT = "\u0003";
const SUSPEND = "\u001a";
const SIZE_DEFAULT = [80, 24] as const;

export interface TerminalScreenOptions {
  /** Takes what is to be shown, and returns false where the terminal has not taken what came before. */
  readonly write: (text: string) => boolean;
  /** Writes at once. */
  readonly writeNow: (text: string) => void;
  /** The lines of the screen, which fit it and steer nothing; none: nothing is drawn. */
  readonly lines: (width: number, height: number) => readonly string[];
  /** Takes a key in lower case. The screen is drawn anew where it returns true. */
  readonly onKey?: (key: string) => boolean;
  readonly onQuit: () => void;
}

export class TerminalScreen {
  readonly #options: TerminalScreenOptions;
  readonly #hasKeys = isatty(0);

  constructor(options: TerminalScreenOptions) {
    this.#options = options;
    options.write(ENTER);
    process.stdout.on("resize", this.draw);
    process.on("SIGTSTP", this.#suspend);
    if (!this.#hasKeys) return;
    process.stdin.setRawMode(true);
    process.stdin.on("data", this.#onKeys);
    // A terminal that is gone sends SIGHUP, which ends the command.
    process.stdin.on("error", () => {});
  }

  /** Gives the terminal back while the process is stopped, as by Ctrl-Z. */
  readonly #suspend = () => {
    if (this.#hasKeys) process.stdin.setRawMode(false);
    this.#options.writeNow(LEAVE);
    // The process stops within this call, until SIGCONT.
    process.kill(process.pid, "SIGSTOP");
    if (this.#hasKeys) process.stdin.setRawMode(true);
    this.#options.writeNow(ENTER);
    this.draw();
  };

  readonly #onKeys = (bytes: Buffer) => {
    for (const key of bytes.toString("latin1").toLowerCase()) {
      if (key === SUSPEND) this.#suspend();
      if (key === "q" || key === INTERRUPT) this.#options.onQuit();
      if (this.#options.onKey?.(key)) this.draw();
    }
  };

  readonly draw = (): void => {
    const lines = this.#lines();
    if (lines.length === 0) return;
    this.#options.write(`${HOME}${lines.map((line) => `${line}${ERASE_LINE}`).join("\r\n")}${ERASE_BELOW}`);
  };

  #lines(): readonly string[] {
    const { columns, rows } = process.stdout;
    return this.#options.lines(columns || SIZE_DEFAULT[0], rows || SIZE_DEFAULT[1]);
  }

  /** Gives the terminal back as it was. @returns what has to be written for that, with the last lines behind it */
  close(): string {
    process.stdout.off("resize", this.draw);
    process.off("SIGTSTP", this.#suspend);
    if (this.#hasKeys) {
      process.stdin.off("data", this.#onKeys);
      process.stdin.pause();
      process.stdin.setRawMode(false);
    }
    return `${LEAVE}${this.#lines()
      .map((line) => `${line}\n`)
      .join("")}`;
  }
}

/** Whether an output has a screen. A "dumb" terminal, as that of an editor, shows escape sequences as text. */
export function canDraw(isTerminal: boolean, term: string | undefined): boolean {
  return isTerminal && term !== "dumb";
}
