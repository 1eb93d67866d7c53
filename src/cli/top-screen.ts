/** The screen of `ringcap top`, with a key for each order of its tables. */
import { type TopOrder, type TopView, topLines } from "../flood/index.ts";
import { printable } from "../outputs/index.ts";
import { TerminalScreen, type TerminalScreenOptions } from "./terminal-screen.ts";

const ORDERS: Readonly<Record<string, TopOrder>> = { p: "packets", b: "bytes", s: "syns" };
/** The lines of a screen beside the rows of tables: three on top, and at each table a blank, its titles and its error. */
const LINES_ON_TOP = 3;
const LINES_OF_TABLE = 3;

export interface TopScreenOptions extends Pick<TerminalScreenOptions, "write" | "writeNow" | "onQuit"> {
  readonly rows: number | undefined;
}

export class TopScreen {
  readonly #screen: TerminalScreen;
  #order: TopOrder = "packets";
  #view: TopView | undefined;

  constructor({ rows, ...options }: TopScreenOptions) {
    this.#screen = new TerminalScreen({
      ...options,
      lines: (width, height) =>
        this.#view === undefined ? [] : screenLines(this.#view, { width, height, rows, order: this.#order }),
      onKey: (key) => {
        const order = ORDERS[key];
        this.#order = order ?? this.#order;
        return order !== undefined;
      },
    });
  }

  show(view: TopView): void {
    this.#view = view;
    this.#screen.draw();
  }

  /** Gives the terminal back as it was. @returns what has to be written for that, with the last view behind it */
  close(): string {
    return this.#screen.close();
  }
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
