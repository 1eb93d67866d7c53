/** Prints an answer: as a table, as JSON objects, or as comma-separated values. */
import { usageError } from "../errors.ts";
import type { Answer, AnswerValue } from "../fleet/index.ts";
import { type Column, printable, printableJson, shownWidth, tableRow } from "../outputs/index.ts";

/** The widest column of a table. */
const WIDEST = 60;
/** A text of V8 has less than 2^29 characters, and a few thousand rows of long values have more together. */
const PIECE_CHARACTERS = 1 << 20;

/** @returns some lines at a time @throws RingcapError USAGE for JSON of columns with the same name */
export function formatAnswer(
  answer: Answer,
  { json, csv }: { readonly json?: true | undefined; readonly csv?: true | undefined },
): AsyncIterable<string> {
  if (json) {
    const twice = answer.names.find((name, index) => answer.names.indexOf(name) !== index);
    if (twice !== undefined)
      throw usageError(
        "--json",
        `several columns are called ${twice}`,
        "name each column otherwise by AS, or leave out --json",
      );
    return jsonLines(answer);
  }
  return csv ? csvLines(answer) : tableLines(answer);
}

async function* jsonLines({ names, rows }: Answer): AsyncGenerator<string, void, void> {
  for await (const portion of rows) {
    yield* pieces(
      portion,
      (row) => `${printableJson(Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])))}\n`,
    );
  }
}

async function* csvLines({ names, rows }: Answer): AsyncGenerator<string, void, void> {
  yield `${names.map(csvField).join(",")}\r\n`;
  for await (const portion of rows) {
    yield* pieces(portion, (row) => `${row.map((value) => csvField(textOf(value, ""))).join(",")}\r\n`);
  }
}

/** RFC 4180, section 2. */
function csvField(text: string): string {
  const shown = printable(text);
  return /[",]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/** The first rows decide how wide the columns are. */
async function* tableLines({ names, rows }: Answer): AsyncGenerator<string, void, void> {
  let columns: Column[] | undefined;
  const titles = names.map(printable);
  for await (const portion of rows) {
    const cells = portion.map((row) => row.map((value) => printable(textOf(value, "-"))));
    if (columns === undefined) {
      columns = columnsOf(titles, portion, cells);
      yield `${tableRow(titles, columns)}\n`;
    }
    const known = columns;
    yield* pieces(cells, (row) => `${tableRow(row, known)}\n`);
  }
  if (columns === undefined) yield `${titles.join(" ")}\n`;
}

function* pieces<Row>(rows: readonly Row[], lineOf: (row: Row) => string): Generator<string, void, void> {
  let piece = "";
  for (const row of rows) {
    const line = lineOf(row);
    if (piece.length + line.length > PIECE_CHARACTERS && piece !== "") {
      yield piece;
      piece = "";
    }
    piece += line;
  }
  if (piece !== "") yield piece;
}

function columnsOf(
  titles: readonly string[],
  rows: readonly (readonly AnswerValue[])[],
  cells: readonly (readonly string[])[],
): Column[] {
  return titles.map((title, index) => {
    const widest = cells.reduce((most, row) => Math.max(most, shownWidth(row[index] ?? "")), shownWidth(title));
    const isNumber = rows.every((row) => row[index] === null || typeof row[index] === "number");
    return { width: Math.min(WIDEST, widest), align: isNumber ? "right" : "left" };
  });
}

function textOf(value: AnswerValue, nothing: string): string {
  if (value === null) return nothing;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
