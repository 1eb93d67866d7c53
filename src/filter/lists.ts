/** What all options with lists have in common: commas, repetition, and lists in a file. */
import { closeSync, openSync, readSync } from "node:fs";
import { RingcapError, reasonOf, usageError } from "../errors.ts";

/** "a,b", or several such texts or numbers; "@file" takes the items from a file, one a line, # starts a comment. */
export type ListOption = string | number | readonly (string | number)[];

export interface ListItem {
  readonly text: string;
  /** The place of the item if it comes from a file: the name of the file as it was given, and the line, from 1 on. */
  readonly file?: string;
  readonly line?: number;
}

/** Gives the text of a list's file. */
export type ListReader = (path: string) => string;

/** Bytes: some millions of addresses. */
const LIST_BYTES_MAX = 64 << 20;
const READ_SIZE = 1 << 20;
/**
 * The kernel's trie takes some 100 bytes for a network, and compiling takes some 300 more until the programs are
 * loaded.
 */
export const LIST_ITEMS_MAX = 1_000_000;

/** @throws RingcapError USAGE for an empty list, one that is too long, an empty item, or a file that is unreadable or has no items */
export function listItems(option: string, list: ListOption, read: ListReader = readListFile): ListItem[] {
  const items: ListItem[] = [];
  for (const item of itemsOf(option, list, read)) {
    if (item.text === "") throw usageError(option, "an item of the list is empty");
    if (items.length === LIST_ITEMS_MAX) throw tooLong(option);
    items.push(item);
  }
  if (items.length === 0) throw usageError(option, "an item of the list is empty");
  return items;
}

/** @throws RingcapError USAGE with what to do about it */
export function tooLong(option: string): RingcapError {
  const hint = "join neighbouring networks and ranges, or ask less and filter the file afterwards with ringcap replay";
  return usageError(option, `there are more than ${LIST_ITEMS_MAX} items`, hint);
}

function* itemsOf(option: string, list: ListOption, read: ListReader): Generator<ListItem> {
  for (const entry of Array.isArray(list) ? list : [list]) {
    const text = String(entry);
    if (text.startsWith("@")) yield* itemsOfFile(option, text.slice(1), read);
    else for (const item of text.split(",")) yield { text: item.trim() };
  }
}

/**
 * The error for an item that cannot be honoured. The content of a file is not shown, because the user who named the
 * file may not be allowed to read it.
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

function* itemsOfFile(option: string, path: string, read: ListReader): Generator<ListItem> {
  let text: string;
  try {
    text = read(path);
  } catch (error) {
    if (error instanceof RingcapError) throw error;
    throw usageError(option, `cannot read the list: ${reasonOf(error)}`);
  }
  let isEmpty = true;
  let line = 1;
  for (let start = 0; start <= text.length; line++) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const item = text.slice(start, end).replace(/#.*/, "").trim();
    start = end + 1;
    if (item === "") continue;
    isEmpty = false;
    yield { text: item, file: path, line };
  }
  if (isEmpty) throw usageError(option, `the list ${path} has no items`);
}

/** For lists that are read more than once, because the content of a pipe can be read only once. */
export function readingOnce(read: ListReader): ListReader {
  const texts = new Map<string, string>();
  return (path) => {
    const text = texts.get(path) ?? read(path);
    texts.set(path, text);
    return text;
  };
}

/** Reads also from a pipe. A device without an end is read up to the most that a list may have. */
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
