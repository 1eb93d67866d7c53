import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RingcapError } from "../../../src/errors.ts";
import { checkSuite, OPTION_TYPES, readSuite } from "../../../src/replay/suite.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const good = { name: "a", capture: "a.pcap", expect: { packets: 1 } };

test.each([
  ["no object", [], /the suite: expected an object/],
  ["no cases", {}, /cases: expected a list/],
  ["an empty list of cases", { cases: [] }, /cases: expected one case at least/],
  ["too many cases", { cases: Array.from({ length: 10_001 }, () => good) }, /cases: expected 10000 cases at most/],
  ["a schema that is a tree", { $schema: [[[]]], cases: [good] }, /\$schema: expected text/],
  ["a key of every object's prototype", JSON.parse('{"cases":[],"__proto__":{"a":1}}'), /"__proto__" is none of/],
  ["a key that every object has", { cases: [{ ...good, options: { constructor: 1 } }] }, /"constructor" is none of/],
  ["a key with an escape sequence", { "\u001b[31m\n::error::": 1 }, /"\\x1b\[31m\\n::error::" is none of/],
  ["a key as long as a book", { ["k".repeat(10_000)]: 1 }, /"k{64}\.\.\." is none of/],
  ["a line break in a name", { cases: [{ ...good, name: "a\n::error::b" }] }, /name: a control character is in it/],
  ["a zero in a capture's name", { cases: [{ ...good, capture: "a\0b" }] }, /capture: a control character is in it/],
  [
    "a line break in a golden file's name",
    { cases: [{ ...good, expect: { file: "a\nb" } }] },
    /file: a control character/,
  ],
  [
    "a line break in a list's name",
    { cases: [{ ...good, options: { port: "@a\nb" } }] },
    /options\.port: expected text/,
  ],
  [
    "a name as long as a book",
    { cases: [{ ...good, name: "n".repeat(257) }] },
    /name: expected 256 characters at most/,
  ],
  [
    "an expression as long as a book",
    { cases: [{ ...good, options: { expression: "tcp or ".repeat(2000) } }] },
    /options\.expression: expected text of 8192 characters at most/,
  ],
  ["a digest in a list", { cases: [{ ...good, expect: { sha256: ["0".repeat(64)] } }] }, /expect\.sha256/],
  ["an unknown word", { cases: [], extra: 1 }, /"extra" is none of/],
  ["a case without a name", { cases: [{ ...good, name: "" }] }, /cases\[0\]\.name/],
  ["two cases of one name", { cases: [good, good] }, /cases\[1\]\.name: "a" is the name of an earlier case/],
  ["no capture", { cases: [{ ...good, capture: 1 }] }, /cases\[0\]\.capture/],
  ["an unknown option", { cases: [{ ...good, options: { ports: "80" } }] }, /cases\[0\]\.options: "ports" is none of/],
  [
    "an option of the wrong type",
    { cases: [{ ...good, options: { port: { a: 1 } } }] },
    /options\.port: expected text/,
  ],
  ["an IP version that is none", { cases: [{ ...good, options: { ipVersion: 5 } }] }, /ipVersion: expected 4 or 6/],
  ["nothing expected", { cases: [{ ...good, expect: {} }] }, /expect: expected one of packets, file, sha256/],
  ["half a packet", { cases: [{ ...good, expect: { packets: 0.5 } }] }, /expect\.packets/],
  ["a digest that is none", { cases: [{ ...good, expect: { sha256: "ABC" } }] }, /expect\.sha256/],
])("a suite with %s is refused, and the place is named", (_, content, message) => {
  let error: unknown;
  try {
    checkSuite("s.json", content);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(RingcapError);
  expect(error).toMatchObject({ code: "INPUT", message: expect.stringMatching(message) });
  expect(error).toMatchObject({ message: expect.stringContaining("s.json") });
});

test("lists may be lists", () => {
  const options = { port: [80, "443"], tcpFlags: "syn" };
  expect(checkSuite("s.json", { $schema: "x", cases: [{ ...good, options }] })[0]?.options).toEqual(options);
});

test.each([
  ["nothing", ""],
  ["what is no JSON", "{"],
  ["brackets without an end", "[".repeat(1 << 20)],
  ["a tree deeper than any stack", `{"$schema":${"[".repeat(1 << 20)}${"]".repeat(1 << 20)},"cases":[]}`],
  ["more than a suite can be", " ".repeat((16 << 20) + 1)],
])("a suite file with %s is refused", (_, text) => {
  const path = join(temporaryDirectory(), "suite.json");
  writeFileSync(path, text);
  expect(() => readSuite(path, false)).toThrow(expect.objectContaining({ name: "RingcapError", code: "INPUT" }));
});

test("the schema for editors has the options that are accepted", () => {
  const schema = JSON.parse(readFileSync("schemas/suite.schema.json", "utf8"));
  const entry = schema.properties.cases.items.properties;
  expect(Object.keys(entry.options.properties).sort()).toEqual(Object.keys(OPTION_TYPES).sort());
  expect(Object.keys(entry.expect.properties)).toEqual(["packets", "file", "sha256"]);
});

test("the name of a suite that is not there is escaped once", () => {
  expect(() => readSuite("\u001b[31m.json", false)).toThrow(/: open \\x1b\[31m\.json: there is no such file$/);
});
