/** Parts the words of `ringcap report` and of `ringcap export` into files and an expression. */
import { existsSync } from "node:fs";
import { wordError } from "../errors.ts";
import { shellWord } from "../options/index.ts";

export interface ReportWords {
  readonly files: readonly string[];
  readonly expression: readonly string[];
}

/** A word that is meant as a file, also where no such file is there. No expression has such a word. */
const FILE_LIKE = /^\.{0,2}\/|\.(pcap|pcapng|cap|dmp)(\.(gz|zst))?$/i;

/**
 * Words are files up to the first one that is no file and does not look like one. The first word is a file in any case.
 *
 * @throws RingcapError USAGE where files stand behind an expression
 * @param behind the number of words behind "--", which are the expression
 * @param command for the hint
 */
export function partReportWords(
  words: readonly string[],
  behind: number,
  isThere: (path: string) => boolean = existsSync,
  command: "report" | "export" = "report",
): ReportWords {
  if (behind > 0) return { files: words.slice(0, -behind), expression: words.slice(-behind) };
  const isFile = (word: string) => word === "-" || FILE_LIKE.test(word) || isThere(word);
  refuseTurnedOrder(words, isFile, command);
  const end = words.findIndex((word, index) => index > 0 && !isFile(word));
  return end < 0 ? { files: words, expression: [] } : { files: words.slice(0, end), expression: words.slice(end) };
}

/** Files that stand behind an expression. */
function refuseTurnedOrder(words: readonly string[], isFile: (word: string) => boolean, command: string): void {
  const [first] = words;
  const files = words.filter(isFile);
  if (first === undefined || isFile(first) || files.length === 0) return;
  const ordered = [...files, ...words.filter((word) => !isFile(word))].map(shellWord).join(" ");
  throw wordError(
    first,
    "no file has that name, and files stand before the expression",
    `type ringcap ${command} ${ordered}`,
  );
}

/** @param words of the command line @returns the number of those behind the first "--" */
export function wordsBehindSeparator(words: readonly string[]): number {
  const separator = words.indexOf("--");
  return separator < 0 ? 0 : words.length - separator - 1;
}
