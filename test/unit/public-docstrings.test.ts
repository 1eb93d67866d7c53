/** The reference of the library is its docstrings, which editors show: every public name has one. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type PublicName, publicApi } from "../support/public-api.ts";

let names: readonly PublicName[] = [];
beforeAll(() => {
  names = publicApi();
});

/** The places of those names that have a fault, one a line. */
const faults = (isFault: (name: PublicName) => boolean) =>
  names.filter(isFault).map(({ name, place }) => `${place} ${name}`);

/** A type whose only value is known: `kind: "custom"`. */
const LITERAL = /^(?:"[^"]*"|\d+)$/;

/** Whether nothing is left to say of a member: its type has one value, is documented itself, or its owner's docstring names it. */
function isDocumentedElsewhere({ name, type, owner }: PublicName): boolean {
  if (owner === undefined) return false;
  if (LITERAL.test(type) || owner.text.includes(`\`${name.slice(owner.name.length + 1)}\``)) return true;
  const documented = type.replace(/ \| undefined$/, "").replace(/^readonly (\w+)\[\]$/, "$1");
  return names.some((other) => other.owner === undefined && other.name === documented);
}

/** What the docstring of a member has to say, by the end of the member's name. */
const UNITS: readonly (readonly [end: RegExp, unit: RegExp])[] = [
  [/(?:Length|Bytes|bufferSize|[oO]ffset)$/, /byte|MiB|second/i],
  [/(?:timestamp|nanoseconds|[a-z]Ns)$/, /nanosecond/i],
  [/(?:\.seconds|duration|interval)$/, /second/i],
];

/** Functions of bytes and numbers that the types check, and that take whatever the bytes are. */
const NEVER_THROWS =
  /^(?:decode|format|escapeText|packetBlockDropCount|enhancedPacketOptions|outputError|addOptions|wholeBlocks|diagnose)/;

describe("the docstrings of the public exports", () => {
  test("are there for every exported name and every public member", () => {
    expect(faults((name) => name.text === "" && name.tags.length === 0 && !isDocumentedElsewhere(name))).toEqual([]);
  });

  test("are led to by a page of the documentation, of every function, class and constant", () => {
    const pages = readdirSync("docs").filter((name) => name.endsWith(".md"));
    const text = pages.map((name) => readFileSync(join("docs", name), "utf8")).join("\n");
    expect(
      faults(({ name, kind, owner }) => owner === undefined && kind !== "type" && !text.includes(`\`${name}`)),
    ).toEqual([]);
  });

  test("state the unit of lengths and times", () => {
    const wrong = (name: PublicName) =>
      /\b(?:number|bigint)\b/.test(name.type) &&
      name.text !== "" &&
      UNITS.some(([end, unit]) => end.test(name.name) && !unit.test(name.text));
    expect(faults(wrong)).toEqual([]);
  });

  test("state the errors of every function that has some", () => {
    const wrong = ({ kind, name, tags }: PublicName) =>
      kind === "function" && !tags.includes("throws") && !NEVER_THROWS.test(name);
    expect(faults(wrong)).toEqual([]);
  });
});
