/** Prints an answer: as a table, as JSON objects, or as comma-separated values. */
import type { Answer, AnswerValue } from "../fleet/index.ts";
import { type Column, printable, printableJson, shownWidth, tableRow } from "../outputs/index.ts";

/** The widest column of a table. */
const WIDEST = 60;

/** @returns some lines at a time */
export function formatAnswer(
  answer: Answer,
  { json, csv }: { readonly json?: true | undefined; readonly csv?: true | undefined },
): AsyncIterable<string> {
  if (json) return jsonLines(answer);
  return csv ? csvLines(answer) : tableLines(answer);
}

async function* jsonLines({ names, rows }: Answer): AsyncGenerator<string, void, void> {
  for await (const portion of rows) {
    yield portion
      .map((row) => `${printableJson(Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])))}\n`)
      .join("");
  }
}

async function* csvLines({ names, rows }: Answer): AsyncGenerator<string, void, void> {
  yield `${names.map(csvField).join(",")}\r\n`;
  for await (const portion of rows) {
    yield portion.map((row) => `${row.map((value) => csvField(textOf(value, ""))).join(",")}\r\n`).join("");
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
    yield cells.map((row) => `${tableRow(row, known)}\n`).join("");
  }
  if (columns === undefined) yield `${titles.join(" ")}\n`;
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
