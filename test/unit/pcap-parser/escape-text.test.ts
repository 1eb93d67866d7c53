import { expect, it } from "vitest";
import { escapeText } from "../../../src/pcap-parser/index.ts";

it.each([
  ["eth0 größe 名前", "eth0 größe 名前"],
  ["\x1b[31mred\x07", "\\x1b[31mred\\x07"],
  ["a\tb\r\nc\0", "a\\tb\\r\\nc\\x00"],
  ["\x7f\x9b", "\\x7f\\x9b"],
  ["abc\u202egpj.exe", "abc\\u{202e}gpj.exe"],
  ["line\u2028separator", "line\\u{2028}separator"],
  ["\\x1b", "\\\\x1b"],
  ["\ud800", "\\u{d800}"],
])("%j is shown as %s", (text, shown) => {
  expect(escapeText(text)).toBe(shown);
});
