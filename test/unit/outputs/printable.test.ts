import { describe, expect, test } from "vitest";
import {
  printable,
  printableColouredLines,
  printableJson,
  printableLines,
  printableMessage,
} from "../../../src/outputs/printable.ts";

/** Of each kind of character that steers: C0, DEL, C1, bidirectional and invisible formatting, tags, line ends. */
const STEERING = [
  ...["\u0000", "\u0007", "\u0008", "\r", "\u001b", "\u007f", "\u0085", "\u009b", "\u00ad", "\u061c", "\u200b"],
  ...["\u200e", "\u202a", "\u202e", "\u2028", "\u2029", "\u2060", "\u2066", "\u2069", "\ufeff", "\ufff9"],
  ...["\u{1d173}", "\u{e0001}", "\u{e0041}", "\ud800", "\udfff"],
];

describe.each(STEERING.map((character) => [JSON.stringify(character), character] as const))(
  "%s",
  (_name, character) => {
    const text = `a${character}b`;

    test.each([
      ["a piece", printable],
      ["lines", printableLines],
      ["coloured lines", printableColouredLines],
      ["a message", printableMessage],
    ])("leaves in %s only as an escape", (_kind, change) => {
      expect(change(text)).toMatch(/^a(\\u[0-9a-f]{4}){1,2}b$/);
    });

    test("leaves JSON that says the same", () => {
      const json = printableJson({ [text]: text });
      expect(json).toMatch(/^[\u0020-\u007e]*$/);
      expect(JSON.parse(json)).toEqual({ [text]: text });
    });
  },
);

test("a piece has no line end and no tabulator", () => {
  expect(printable("a\nb\tc")).toBe("a\\u000ab\\u0009c");
  expect(printableLines("a\nb\tc")).toBe("a\nb\tc");
});

test("a message begins no second line at the margin", () => {
  expect(printableMessage("no\n::error::owned\n  already\n\nlast")).toBe("no\n  ::error::owned\n  already\n  \n  last");
});

test("of escape sequences coloured lines keep colours alone", () => {
  expect(printableColouredLines("\u001b[31mred\u001b[39m \u001b[2J\u001b]0;title\u0007")).toBe(
    "\u001b[31mred\u001b[39m \\u001b[2J\\u001b]0;title\\u0007",
  );
});

test("other scripts stay as they are", () => {
  const text = "Größe, 網路, שלום, 🦊 – “x”";
  expect(printable(text)).toBe(text);
});
