/** A report as a page of text for a terminal, in the order of the page of HTML: first what happened. */
import { printableColouredLines } from "../../outputs/printable.ts";
import type { Report } from "../report.ts";
import { completenessLines, originLines, targetSideLines } from "./capture-lines.ts";
import { fingerprintLines } from "./fingerprint-lines.ts";
import { rateLines } from "./rate-lines.ts";
import { type Paragraph, Sheet } from "./sheet.ts";
import { spoofingLines } from "./spoofing-lines.ts";
import { topLines } from "./top-lines.ts";
import { verdictLines } from "./verdict-lines.ts";

export interface TextOptions {
  /** Of the terminal. Text is broken between words; addresses, filters and hashes are never broken. */
  readonly columns: number;
  /** Whether the terminal shows escape sequences. */
  readonly colour: boolean;
}

const PARTS: readonly ((report: Report) => readonly Paragraph[])[] = [
  verdictLines,
  rateLines,
  spoofingLines,
  fingerprintLines,
  topLines,
  targetSideLines,
  completenessLines,
  originLines,
];

/** @returns lines that end with a line feed, without anything that steers a terminal but colours that were asked for */
export function renderText(report: Report, { columns, colour }: TextOptions): string {
  const sheet = new Sheet(Math.max(COLUMNS_AT_LEAST, columns), colour);
  for (const part of PARTS) sheet.add(part(report));
  return printableColouredLines(sheet.toString());
}

const COLUMNS_AT_LEAST = 40;
