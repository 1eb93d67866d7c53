/** What all list options have in common: commas, repetition, and lists in a file. */
import { closeSync, openSync, readSync } from "node:fs";
import { RingcapError, reasonOf, usageError } from "../errors.ts";

/** "a,b", or several such texts or numbers; "@file" takes the items from a file, one a line, # starts a comment. */
export type ListOption = string | number | readonly (string | number)[];

export interface ListItem {
  readonly text: string;
  /** Where it stands, if it comes from a file: the file as it was named, and the line, from 1. */
  readonly file?: string;
  readonly line?: number;
}

/** Gives the text of a list's file. */
export type ListReader = (path: string) => string;

/** Bytes: some millions of addresses. */
const LIST_BYTES_MAX = 64 << 20;
const READ_SIZE = 1 << 20;

/** @throws RingcapError USAGE for an empty list, an empty item, or a file that is unreadable, too long or has no items */
export function listItems(option: string, list: ListOption, read: ListReader = readListFile): ListItem[] {
  const texts = (Array.isArray(list) ? list : [list]).map(String);
  const items = texts.flatMap((text) =>
    text.startsWith("@")
      ? itemsOfFile(option, text.slice(1), read)
      : text.split(",").map((item) => ({ text: item.trim() })),
  );
  if (items.length === 0 || items.some(({ text }) => text === "")) {
    throw usageError(option, "an item of the list is empty");
  }
  return items;
}

/**
 * An item that cannot be honoured. What stands in a file is not shown: the one who named the file may not be one who may
 * read it.
 *
 * @param fault what follows the item's name: "is not a port"
 * @param part the part of the item that it is about, and what that is: ["/33", "the prefix"]; default: all of it
 * @param hint may quote the item
 */
export function itemError(
  option: string,
  item: ListItem,
  fault: string,
  hint?: string,
  [part, name]: readonly [part: string, name?: string] = [item.text],
): RingcapError {
  if (item.file === undefined) return usageError(option, `"${part}" ${fault}`, hint);
  return usageError(option, `${name === undefined ? "" : `${name} in `}line ${item.line} of ${item.file} ${fault}`);
}

function itemsOfFile(option: string, path: string, read: ListReader): ListItem[] {
  let text: string;
  try {
    text = read(path);
  } catch (error) {
    if (error instanceof RingcapError) throw error;
    throw usageError(option, `cannot read the list: ${reasonOf(error)}`);
  }
  const items: ListItem[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const item = line.replace(/#.*/, "").trim();
    if (item !== "") items.push({ text: item, file: path, line: index + 1 });
  }
  if (items.length === 0) throw usageError(option, `the list ${path} has no items`);
  return items;
}

/** For lists that are looked at more than once: what stands in a pipe can be read only once. */
export function readingOnce(read: ListReader): ListReader {
  const texts = new Map<string, string>();
  return (path) => {
    const text = texts.get(path) ?? read(path);
    texts.set(path, text);
    return text;
  };
}

/** Also of a pipe; a device that has no end is left after the most that a list may have. */
export function readListFile(path: string): string {
  const fd = openSync(path, "r");
  try {
    const parts: Buffer[] = [];
    for (let total = 0; ; ) {
      const part = Buffer.allocUnsafe(READ_SIZE);
      const length = readSync(fd, part);
      if (length === 0) return Buffer.concat(parts, total).toString();
      total += length;
      if (total > LIST_BYTES_MAX) throw new Error(`${path} has more than ${LIST_BYTES_MAX} bytes`);
      parts.push(part.subarray(0, length));
    }
  } finally {
    closeSync(fd);
  }
}
