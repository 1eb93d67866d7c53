import { expect, test } from "vitest";
import { isPlainName, PART_BYTES, parseList } from "../../../../src/fleet/evidence/evidence-list.ts";
import { Pace } from "../../../../src/fleet/evidence/pace.ts";

const sha256 = "a".repeat(64);
const part = { bytes: 3, sha256 };
const file = { name: "capture.pcapng", bytes: 6, sha256, parts: [part, part] };
const list = { version: 1, host: "web1", incident: "20261128T144309Z-x", files: [file, { ...file, name: "b" }] };
const parse = (value: unknown) => parseList(Buffer.from(JSON.stringify(value)), "web1", "20261128T144309Z-x");

test("a list is read with its files and their parts", () => {
  expect(parse(list)).toEqual(list);
  expect(parse({ ...list, files: [] })).toEqual({ ...list, files: [] });
});

test.each([
  ["another version", { ...list, version: 2 }],
  ["another host", { ...list, host: "web2" }],
  ["another incident", { ...list, incident: "20261128T144310Z-x" }],
  ["no object", null],
  ["files that are no list", { ...list, files: { length: 1 } }],
  ["a file that is none", { ...list, files: [5] }],
  ["a name twice", { ...list, files: [file, file] }],
  ["a path", { ...list, files: [{ ...file, name: "a/b" }] }],
  ["a way out", { ...list, files: [{ ...file, name: ".." }] }],
  ["a hidden file", { ...list, files: [{ ...file, name: ".bashrc" }] }],
  ["an option", { ...list, files: [{ ...file, name: "-rf" }] }],
  ["a steering name", { ...list, files: [{ ...file, name: "a\u001b[2J" }] }],
  ["an empty name", { ...list, files: [{ ...file, name: "" }] }],
  ["a name that is too long", { ...list, files: [{ ...file, name: "a".repeat(201) }] }],
  ["another sum", { ...list, files: [{ ...file, bytes: 7 }] }],
  ["a negative size", { ...list, files: [{ ...file, bytes: 0, parts: [part, { ...part, bytes: -3 }] }] }],
  [
    "a part that is too large",
    { ...list, files: [{ ...file, bytes: PART_BYTES + 1, parts: [{ ...part, bytes: PART_BYTES + 1 }] }] },
  ],
  ["empty parts", { ...list, files: [{ ...file, bytes: 0, parts: [{ ...part, bytes: 0 }] }] }],
  ["a wrong digest", { ...list, files: [{ ...file, sha256: "A".repeat(64) }] }],
])("a list with %s is none", (_, value) => {
  expect(parse(value)).toBeUndefined();
});

test("bytes that are no JSON are no list", () => {
  expect(parseList(Buffer.from("{"), "web1", "x")).toBeUndefined();
});

test("names of incidents are plain, with the number that a second one of a second has", () => {
  expect(isPlainName("20261128T144309Z-20000-s-2")).toBe(true);
});

test("no more bytes go through than the rate lets, and a signal ends the waiting", async () => {
  const pace = new Pace(1_000_000);
  const stop = new AbortController();
  const begin = performance.now();
  for (let count = 0; count < 4; count++) await pace.take(10_000, stop.signal);
  expect(performance.now() - begin).toBeGreaterThan(28);
  const waiting = pace.take(1e9, stop.signal).then(() => pace.take(1, stop.signal));
  stop.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow();
});
