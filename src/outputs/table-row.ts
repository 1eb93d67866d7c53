/** Rows of tables whose columns stay below each other, whatever a terminal shows of the texts in them. */

export interface Column {
  /** Places on the terminal. */
  readonly width: number;
  readonly align: "left" | "right";
}

/** Characters that a terminal shows in two places (Unicode Standard Annex 11), as far as regular expressions know them. */
const TWO_PLACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/gu;
/** Characters that are shown over the one before. */
const NO_PLACE = /\p{Mark}/gu;

/** Places that a printable text takes on a terminal. */
export function shownWidth(text: string): number {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return [...text].length + count(TWO_PLACES) - count(NO_PLACE);
}

/** A text that is too long for its column takes the blanks of the next ones, and moves no more columns than it has to. */
export function tableRow(cells: readonly string[], columns: readonly Column[]): string {
  let row = "";
  let shown = 0;
  let end = 0;
  for (const [index, { width, align }] of columns.entries()) {
    const cell = cells[index] ?? "";
    const separator = index === 0 ? "" : " ";
    end += separator.length + width;
    const taken = shown + separator.length + shownWidth(cell);
    const blanks = " ".repeat(Math.max(0, end - taken));
    row += separator + (align === "left" ? cell + blanks : blanks + cell);
    shown = Math.max(end, taken);
  }
  return row.trimEnd();
}
