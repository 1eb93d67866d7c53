/** A page of text: what every part of it is made of, and the only door to the terminal. */
import { styleText } from "node:util";
import { printable } from "../../outputs/printable.ts";
import { shownWidth, tableRow } from "../../outputs/table-row.ts";

export type Tone = "alarm" | "calm" | "strong";

export type Fact = readonly [string, string | null | undefined | false];

export type Paragraph =
  | { readonly heading: string }
  /** Broken between words. What begins with "- " is one of a list. */
  | { readonly text: string; readonly tone?: Tone }
  /** Not broken, so that it can be copied. */
  | { readonly verbatim: string }
  /** Names with their values. Those without a value are left out. */
  | { readonly facts: readonly Fact[] }
  /** The first column is text, the others are numbers. The first row has their titles. */
  | { readonly table: readonly (readonly string[])[] };

const COLOURS = { alarm: ["bold", "red"], calm: ["bold", "green"], strong: ["bold"] } as const;
const INDENT = "  ";
const BULLET = "- ";

export class Sheet {
  readonly #columns: number;
  readonly #hasColour: boolean;
  readonly #lines: string[] = [];

  constructor(columns: number, hasColour: boolean) {
    this.#columns = columns;
    this.#hasColour = hasColour;
  }

  add(paragraphs: readonly Paragraph[]): void {
    for (const paragraph of paragraphs) this.#lines.push(...this.#linesOf(paragraph));
  }

  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  #linesOf(paragraph: Paragraph): string[] {
    if ("heading" in paragraph) return [...this.#space(), ...this.#heading(paragraph.heading)];
    if ("verbatim" in paragraph) return [`${INDENT}${INDENT}${printable(paragraph.verbatim)}`];
    if ("facts" in paragraph) return this.#facts(paragraph.facts);
    if ("table" in paragraph)
      return tableLines(
        paragraph.table.map((cells) => cells.map(printable)),
        this.#columns,
      );
    const lines = wrapped(printable(paragraph.text), this.#columns - INDENT.length - BULLET.length);
    const hanging = paragraph.text.startsWith(BULLET) ? " ".repeat(BULLET.length) : "";
    return lines.map((line, index) => INDENT + (index === 0 ? "" : hanging) + this.#painted(line, paragraph.tone));
  }

  #space(): string[] {
    return this.#lines.length === 0 ? [] : [""];
  }

  #heading(text: string): string[] {
    const lines = wrapped(printable(text), this.#columns - INDENT.length);
    return lines.map((line, index) => (index === 0 ? "" : INDENT) + this.#painted(line, "strong"));
  }

  #facts(entries: readonly Fact[]): string[] {
    const shown = entries.flatMap(([name, value]) => (value ? [[printable(name), printable(value)] as const] : []));
    const width = Math.max(0, ...shown.map(([name]) => shownWidth(name)));
    const left = INDENT.length + width + 2;
    return shown.flatMap(([name, value]) =>
      wrapped(value, this.#columns - left).map((line, index) => {
        const margin = INDENT + (index === 0 ? name : "");
        return margin + " ".repeat(left - shownWidth(margin)) + line;
      }),
    );
  }

  #painted(text: string, tone: Tone | undefined): string {
    if (!this.#hasColour || tone === undefined) return text;
    return COLOURS[tone].reduce((painted, colour) => styleText(colour, painted, { validateStream: false }), text);
  }
}

/** A word that is longer than a line has a line for itself. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && shownWidth(line) + 1 + shownWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The first column takes what it needs, up to half of the width. Columns that do not fit are left out from the right. */
function tableLines(rows: readonly (readonly string[])[], columns: number): string[] {
  const count = Math.max(0, ...rows.map((cells) => cells.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map((cells) => shownWidth(cells[index] ?? ""))),
  );
  const layout = widths.map((width, index) =>
    index === 0
      ? ({ width: Math.min(width, Math.floor(columns / 2)), align: "left" } as const)
      : ({ width: width + 1, align: "right" } as const),
  );
  let fitting = 0;
  for (let end = INDENT.length - 1; fitting < count; fitting++) {
    end += 1 + (layout[fitting]?.width ?? 0);
    if (end > columns) break;
  }
  return rows.map((cells) => INDENT + tableRow(cells, layout.slice(0, Math.max(1, fitting))));
}
