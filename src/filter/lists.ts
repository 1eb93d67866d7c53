/** What all list options have in common: commas, repetition, and lists in a file. */
import { readFileSync } from "node:fs";
import { reasonOf, usageError } from "../errors.ts";

/** "a,b", or several such texts or numbers; "@file" takes the items from a file, one a line, # starts a comment. */
export type ListOption = string | number | readonly (string | number)[];

/** @throws RingcapError USAGE for an empty list, an empty item, or a file that is unreadable or has no items */
export function listItems(option: string, list: ListOption): string[] {
  const texts = (Array.isArray(list) ? list : [list]).map(String);
  const items = texts.flatMap((text) => (text.startsWith("@") ? itemsOfFile(option, text.slice(1)) : text.split(",")));
  const trimmed = items.map((item) => item.trim());
  if (trimmed.length === 0 || trimmed.includes("")) throw usageError(option, "an item of the list is empty");
  return trimmed;
}

function itemsOfFile(option: string, path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw usageError(option, `cannot read the list: ${reasonOf(error)}`);
  }
  const items = text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "");
  if (items.length === 0) throw usageError(option, `the list ${path} has no items`);
  return items;
}
