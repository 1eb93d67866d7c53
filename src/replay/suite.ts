/** Suite files of `ringcap verify`, checked before anything runs. schemas/suite.schema.json says the same to editors. */
import { basename, dirname } from "node:path";
import { RingcapError, reasonOf } from "../errors.ts";
import type { FilterOptions } from "../filter/filter.ts";
import { escapeText } from "../pcap-parser/index.ts";
import type { ReplayOptions } from "./options.ts";
import { type SuiteFile, SuiteFiles } from "./suite-files.ts";

export type SuiteOptions = FilterOptions &
  Pick<ReplayOptions, "snapshotLength" | "sample" | "rateLimit" | "seed" | "count" | "engine" | "hook">;

export interface Expectation {
  /** Packets that match, without those that sampling or the rate limit leaves out. */
  packets?: number | undefined;
  /** A capture file with the same packets, relative to the suite file. */
  file?: string | undefined;
  /** Of the file that `ringcap replay -w` would write, in hexadecimal. */
  sha256?: string | undefined;
}

export interface SuiteCase {
  name: string;
  /** Relative to the suite file. */
  capture: string;
  options: SuiteOptions;
  expect: Expectation;
}

export interface Suite {
  /** As the user named it. */
  path: string;
  /** The files beside it. */
  files: SuiteFiles;
  /** The suite's own file, which is closed after it was read. */
  file: SuiteFile;
  /** The case as it stands in the file, without what the file leaves out. */
  content: unknown;
  cases: SuiteCase[];
}

/** Bytes of a suite file. */
const SUITE_BYTES_MAX = 16 << 20;
const CASES_MAX = 10_000;
/** Characters of a name and of an expression. libpcap compiles an expression of this length within seconds. */
const NAME_LENGTH_MAX = 256;
const EXPRESSION_LENGTH_MAX = 8192;
/** Characters of what a message quotes. */
const QUOTED_MAX = 64;

type JsonObject = Readonly<Record<string, unknown>>;

const LIST = "text, a number or a list of these";
const isNumber = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
/** Control characters have no place in names, because they would steer the terminal of a reader of the report. */
const isText = (value: unknown) => typeof value === "string" && !/\p{Cc}/u.test(value);
const isListItem = (value: unknown) => isText(value) || isNumber(value);
const isList = (value: unknown) => isListItem(value) || (Array.isArray(value) && value.every(isListItem));

/** The type of each option. The replay finds out whether its value makes sense. */
export const OPTION_TYPES: Readonly<
  Record<keyof Required<SuiteOptions>, readonly [what: string, is: (value: unknown) => boolean]>
> = {
  port: [LIST, isList],
  sourcePort: [LIST, isList],
  destinationPort: [LIST, isList],
  tcpFlags: ["text", isText],
  protocol: [LIST, isList],
  host: [LIST, isList],
  sourceHost: [LIST, isList],
  destinationHost: [LIST, isList],
  network: [LIST, isList],
  sourceNetwork: [LIST, isList],
  destinationNetwork: [LIST, isList],
  ipVersion: ["4 or 6", (value) => value === 4 || value === 6],
  vlan: ["a number", isNumber],
  expression: [
    `text of ${EXPRESSION_LENGTH_MAX} characters at most`,
    (value) => typeof value === "string" && value.length <= EXPRESSION_LENGTH_MAX,
  ],
  snapshotLength: ["a number", isNumber],
  sample: ["a number", isNumber],
  rateLimit: ["a number", isNumber],
  seed: ["a number", isNumber],
  count: ["a number", isNumber],
  engine: ['"auto", "kernel" or "user"', (value) => ["auto", "kernel", "user"].includes(String(value))],
  hook: ['"auto", "xdp" or "tc"', (value) => ["auto", "xdp", "tc"].includes(String(value))],
};

const CASE_KEYS = ["name", "capture", "options", "expect"];
const EXPECT_KEYS = ["packets", "file", "sha256"];

/** @throws RingcapError INPUT that names the file and the place in it */
export function readSuite(path: string, allowOutside: boolean): Suite {
  let files: SuiteFiles;
  let file: SuiteFile;
  let content: unknown;
  try {
    files = new SuiteFiles(dirname(path), allowOutside);
    file = files.open(basename(path));
    using closing = file;
    content = JSON.parse(closing.readText(SUITE_BYTES_MAX));
  } catch (error) {
    // The message of JSON.parse() quotes the file.
    throw suiteError(path, error instanceof RingcapError ? error.message : escapeText(reasonOf(error)), error);
  }
  return { path, files, file, content, cases: checkSuite(path, content) };
}

/** @throws RingcapError INPUT */
export function checkSuite(path: string, content: unknown): SuiteCase[] {
  const fail = (place: string, message: string): never => {
    throw suiteError(path, `${place}: ${message}`);
  };
  const object = (place: string, value: unknown, keys: readonly string[]): JsonObject => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return fail(place, "expected an object");
    const unknown = Object.keys(value).find((key) => !keys.includes(key));
    if (unknown !== undefined) fail(place, `${quoted(unknown)} is none of ${keys.join(", ")}`);
    return value as JsonObject;
  };
  const text = (place: string, value: unknown, most = Number.POSITIVE_INFINITY): string => {
    if (typeof value !== "string" || value === "") return fail(place, "expected text");
    if (!isText(value)) return fail(place, "a control character is in it");
    return value.length <= most ? value : fail(place, `expected ${most} characters at most`);
  };

  const suite = object("the suite", content, ["$schema", "cases"]);
  if (suite.$schema !== undefined) text("$schema", suite.$schema);
  const list: readonly unknown[] = Array.isArray(suite.cases) ? suite.cases : fail("cases", "expected a list");
  if (list.length === 0) fail("cases", "expected one case at least");
  if (list.length > CASES_MAX) fail("cases", `expected ${CASES_MAX} cases at most`);
  const names = new Set<string>();
  return list.map((item, index): SuiteCase => {
    const place = `cases[${index}]`;
    const entry = object(place, item, CASE_KEYS);
    const name = text(`${place}.name`, entry.name, NAME_LENGTH_MAX);
    if (names.has(name)) fail(`${place}.name`, `${quoted(name)} is the name of an earlier case`);
    names.add(name);
    const options = object(`${place}.options`, entry.options ?? {}, Object.keys(OPTION_TYPES));
    for (const [key, value] of Object.entries(options)) {
      const [what, is] = OPTION_TYPES[key as keyof SuiteOptions];
      if (!is(value)) fail(`${place}.options.${key}`, `expected ${what}`);
    }
    const expect = object(`${place}.expect`, entry.expect, EXPECT_KEYS);
    if (Object.keys(expect).length === 0) fail(`${place}.expect`, `expected one of ${EXPECT_KEYS.join(", ")} at least`);
    const { packets, file, sha256 } = expect;
    if (packets !== undefined && !isNumber(packets)) fail(`${place}.expect.packets`, "expected a number of packets");
    if (sha256 !== undefined && (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256))) {
      fail(`${place}.expect.sha256`, "expected 64 hexadecimal digits in lower case");
    }
    return {
      name,
      capture: text(`${place}.capture`, entry.capture),
      options: options as SuiteOptions,
      expect: {
        packets: packets as number | undefined,
        file: file === undefined ? undefined : text(`${place}.expect.file`, file),
        sha256: sha256 as string | undefined,
      },
    };
  });
}

/** Words of the suite, in a message. */
function quoted(text: string): string {
  return `"${escapeText(text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}...` : text)}"`;
}

export function suiteError(path: string, message: string, cause?: unknown): RingcapError {
  const operation = `read the suite ${path}`;
  const hint = cause instanceof RingcapError ? cause.hint : undefined;
  return new RingcapError(`${operation}: ${message}`, { code: "INPUT", operation, hint, cause });
}
