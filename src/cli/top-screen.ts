/** The screen of `ringcap top`: the alternate one of the terminal, drawn anew for each view, and keys. */
import { isatty } from "node:tty";
import { type TopOrder, type TopView, topLines } from "../flood/index.ts";
import { printable } from "../outputs/index.ts";

const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const ERASE_LINE = "\u001b[K";
const ERASE_BELOW = "\u001b[J";
const INTERRUPT = "\u0003";
const SUSPEND = "\u001a";

const ORDERS: Readonly<Record<string, TopOrder>> = { p: "packets", b: "bytes", s: "syns" };
const SIZE_DEFAULT = [80, 24] as const;
/** The lines of a screen beside the rows of tables: three on top, and at each table a blank, its titles and its error. */
const LINES_ON_TOP = 3;
const LINES_OF_TABLE = 3;

export interface TopScreenOptions {
  /** Takes what is to be shown, and returns false where the terminal has not taken what came before. */
  readonly write: (text: string) => boolean;
  /** Writes at once. */
  readonly writeNow: (text: string) => void;
  readonly rows: number | undefined;
  readonly onQuit: () => void;
}

export class TopScreen {
  readonly #options: TopScreenOptions;
  readonly #hasKeys = isatty(0);
  #order: TopOrder = "packets";
  #view: TopView | undefined;

  constructor(options: TopScreenOptions) {
    this.#options = options;
    options.write(ENTER);
    process.stdout.on("resize", this.#draw);
    process.on("SIGTSTP", this.#suspend);
    if (!this.#hasKeys) return;
    process.stdin.setRawMode(true);
    process.stdin.on("data", this.#onKeys);
    // A terminal that is gone sends SIGHUP, which ends the command.
    process.stdin.on("error", () => {});
  }

  show(view: TopView): void {
    this.#view = view;
    this.#draw();
  }

  /** Gives the terminal back while the process is stopped, as by Ctrl-Z. */
  readonly #suspend = () => {
    if (this.#hasKeys) process.stdin.setRawMode(false);
    this.#options.writeNow(LEAVE);
    // The process stops within this call, until SIGCONT.
    process.kill(process.pid, "SIGSTOP");
    if (this.#hasKeys) process.stdin.setRawMode(true);
    this.#options.writeNow(ENTER);
    this.#draw();
  };

  readonly #onKeys = (bytes: Buffer) => {
    for (const key of bytes.toString("latin1").toLowerCase()) {
      if (key === SUSPEND) this.#suspend();
      if (key === "q" || key === INTERRUPT) this.#options.onQuit();
      const order = ORDERS[key];
      if (order === undefined) continue;
      this.#order = order;
      this.#draw();
    }
  };

  #lines(): string[] {
    if (this.#view === undefined) return [];
    const [width, height] = windowSize();
    return screenLines(this.#view, { width, height, rows: this.#options.rows, order: this.#order });
  }

  readonly #draw = () => {
    const lines = this.#lines();
    if (lines.length === 0) return;
    this.#options.write(`${HOME}${lines.map((line) => `${line}${ERASE_LINE}`).join("\r\n")}${ERASE_BELOW}`);
  };

  /** Gives the terminal back as it was. @returns what has to be written for that, with the last view behind it */
  close(): string {
    process.stdout.off("resize", this.#draw);
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

function windowSize(): readonly [number, number] {
  const { columns, rows } = process.stdout;
  return [columns || SIZE_DEFAULT[0], rows || SIZE_DEFAULT[1]];
}

/** The lines that fit the screen. @param size `rows` of each table at most, where that was asked for */
export function screenLines(
  view: TopView,
  size: { width: number; height: number; rows: number | undefined; order: TopOrder },
): string[] {
  const { width, height, order } = size;
  const tables = Math.max(1, view.tables.size);
  const fitting = Math.max(1, Math.floor((height - LINES_ON_TOP) / tables) - LINES_OF_TABLE);
  const rows = Math.min(fitting, size.rows ?? fitting);
  return topLines(view, { rows, width, order })
    .slice(0, height)
    .map((line) => printable(line).slice(0, width));
}
