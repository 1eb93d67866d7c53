import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RingcapError } from "../../../src/errors.ts";
import { checkSuite, OPTION_TYPES } from "../../../src/replay/suite.ts";

const good = { name: "a", capture: "a.pcap", expect: { packets: 1 } };

test.each([
  ["no object", [], /the suite: expected an object/],
  ["no cases", {}, /cases: expected a list/],
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

test("paths are relative to the suite file, and lists may be lists", () => {
  const options = { port: [80, "443"], tcpFlags: "syn" };
  const suite = checkSuite("/some/where/s.json", { $schema: "x", cases: [{ ...good, options }] });
  expect(suite.directory).toBe("/some/where");
  expect(suite.cases[0]?.options).toEqual(options);
});

test("the schema for editors has the options that are accepted", () => {
  const schema = JSON.parse(readFileSync("schemas/suite.schema.json", "utf8"));
  const entry = schema.properties.cases.items.properties;
  expect(Object.keys(entry.options.properties).sort()).toEqual(Object.keys(OPTION_TYPES).sort());
  expect(Object.keys(entry.expect.properties)).toEqual(["packets", "file", "sha256"]);
});
