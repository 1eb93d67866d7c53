/** Where a report goes: files, each written whole or not at all, and standard output. */
import { usageError } from "../errors.ts";
import { printableJson, WholeFile } from "../outputs/index.ts";

import { type Report, renderPage, renderText } from "../report/index.ts";
import { print, printColoured } from "./messages.ts";
import type { ReportFlags } from "./report-options.ts";
import { refuseOverwriting } from "./same-file.ts";
import { stdout } from "./standard-streams.ts";

type Form = "page" | "data" | "text";

const FORMS: ReadonlyMap<string, Form> = new Map([
  ["html", "page"],
  ["htm", "page"],
  ["json", "data"],
  ["txt", "text"],
]);
const COLUMNS_DEFAULT = 100;
const INDENT = 2;

export class ReportOutput {
  readonly #files: { readonly file: WholeFile; readonly form: Form }[] = [];
  readonly #asJson: boolean;

  /** Opens the files. @param read what the report is made of @throws RingcapError USAGE, OUTPUT; nothing is left behind in that case */
  constructor({ output = [], json }: ReportFlags, read: readonly string[]) {
    this.#asJson = json === true;
    try {
      for (const name of output) {
        const form = formOf(name);
        refuseOverwriting(name, read, "--output");
        this.#files.push({ file: new WholeFile(name), form });
      }
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** The owner of the directory of the first file. */
  get directory(): WholeFile["directory"] {
    return this.#files[0]?.file.directory;
  }

  /** @throws RingcapError OUTPUT */
  giveTo(owner: WholeFile["directory"]): void {
    for (const { file } of this.#files) file.giveTo(owner);
  }

  /** @throws RingcapError OUTPUT */
  async write(report: Report): Promise<void> {
    for (const { file, form } of this.#files) await file.write(Buffer.from(contentOf(report, form)));
    if (this.#asJson) print(`${printableJson(report)}\n`);
    else if (this.#files.length === 0) printText(report);
  }

  discard(): void {
    for (const { file } of this.#files) file.discard();
  }
}

function formOf(name: string): Form {
  const form = FORMS.get(/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "");
  if (form !== undefined) return form;
  const what = name === "-" ? "standard output has no ending" : `the ending of ${name} says nothing`;
  throw usageError("--output", `${what} of what to write`, "name x.html, x.json or x.txt: -o report.html");
}

function contentOf(report: Report, form: Form): string {
  if (form === "page") return renderPage(report);
  if (form === "data") return `${printableJson(report, INDENT)}\n`;
  return renderText(report, { columns: COLUMNS_DEFAULT, colour: false });
}

/** Colours are for a terminal, unless NO_COLOR is set (no-color.org). */
function printText(report: Report): void {
  const colour = stdout.isTerminal && !process.env.NO_COLOR;
  const columns = stdout.isTerminal ? process.stdout.columns || COLUMNS_DEFAULT : COLUMNS_DEFAULT;
  printColoured(renderText(report, { columns, colour }));
}
