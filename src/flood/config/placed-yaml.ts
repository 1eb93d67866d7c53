/** Reads the YAML of a configuration file, with the line of each value. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";

/** A value and the line on which it begins, from 1. */
export interface Placed {
  readonly line: number;
  /** "unknown" is what no key takes: a map within the map, an alias, a date. */
  readonly value: string | number | boolean | null | readonly Placed[] | { readonly unknown: true };
}

export interface Mistake {
  readonly line: number;
  readonly message: string;
}

/** What a file says of each of its keys, and what it says that is no YAML. */
export interface PlacedMap {
  readonly entries: readonly { readonly key: string; readonly line: number; readonly value: Placed }[];
  readonly mistakes: readonly Mistake[];
}

/** YAML begins a block of text by this sign. */
const RULE_AS_BLOCK = /^\s*-\s*>/;
const QUOTES = 'a rule that begins with ">" stands in quotes: - "> 20000/s"';
export const TOO_DEEP = "it is nested too deeply";
const UNKNOWN = { unknown: true } as const;

/** @throws where the text is nested too deeply for the parser */
export function parsePlaced(text: string): PlacedMap {
  const lines = new LineCounter();
  const lineAt = (offset: number | undefined) => Math.max(1, lines.linePos(offset ?? 0).line);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: "core" });
  const place = (node: Node | null, otherwise: number): Placed => {
    const line = node?.range ? lineAt(node.range[0]) : otherwise;
    if (node === null) return { line, value: null };
    if (isSeq<Node | null>(node)) return { line, value: node.items.map((item) => place(item, line)) };
    return { line, value: isScalar(node) && isPlain(node.value) ? node.value : UNKNOWN };
  };
  const rows = text.split("\n");
  const mistakes = [...document.errors, ...document.warnings].map(({ pos, message }): Mistake => {
    const line = lineAt(pos[0]);
    return { line, message: RULE_AS_BLOCK.test(rows[line - 1] ?? "") ? QUOTES : message };
  });
  const tooDeep = mistakes.find(({ message }) => message.includes("call stack"));
  if (tooDeep !== undefined) return { entries: [], mistakes: [{ ...tooDeep, message: TOO_DEEP }] };
  const contents = document.contents;
  if (mistakes.length > 0 || contents === null || (isScalar(contents) && contents.value === null)) {
    return { entries: [], mistakes };
  }
  if (!isMap<Node, Node | null>(contents)) {
    return {
      entries: [],
      mistakes: [{ line: lineAt(contents.range?.[0]), message: "expected a key and a value on each line" }],
    };
  }
  const entries = contents.items.map(({ key, value }) => {
    const line = lineAt(key.range?.[0]);
    return { key: isScalar(key) ? String(key.value) : "", line, value: place(value, line) };
  });
  return { entries, mistakes };
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
