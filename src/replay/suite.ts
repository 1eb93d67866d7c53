/** Suite files of `ringcap verify`, checked before anything runs. schemas/suite.schema.json says the same to editors. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { RingcapError, reasonOf } from "../errors.ts";
import type { FilterOptions } from "../filter/filter.ts";
import type { ReplayOptions } from "./options.ts";

export type SuiteOptions = FilterOptions & Pick<ReplayOptions, "snapshotLength" | "count" | "engine" | "hook">;

export interface Expectation {
  /** Packets that match. */
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
  directory: string;
  cases: SuiteCase[];
}

type JsonObject = Readonly<Record<string, unknown>>;

const LIST = "text, a number or a list of these";
const isNumber = (value: unknown) => Number.isInteger(value) && Number(value) >= 0;
const isListItem = (value: unknown) => typeof value === "string" || isNumber(value);
const isList = (value: unknown) => isListItem(value) || (Array.isArray(value) && value.every(isListItem));

/** What each option has to be; whether it makes sense is found out by the replay. */
export const OPTION_TYPES: Readonly<
  Record<keyof Required<SuiteOptions>, readonly [what: string, is: (value: unknown) => boolean]>
> = {
  port: [LIST, isList],
  sourcePort: [LIST, isList],
  destinationPort: [LIST, isList],
  tcpFlags: ["text", (value) => typeof value === "string"],
  protocol: [LIST, isList],
  host: [LIST, isList],
  sourceHost: [LIST, isList],
  destinationHost: [LIST, isList],
  network: [LIST, isList],
  sourceNetwork: [LIST, isList],
  destinationNetwork: [LIST, isList],
  ipVersion: ["4 or 6", (value) => value === 4 || value === 6],
  vlan: ["a number", isNumber],
  expression: ["text", (value) => typeof value === "string"],
  snapshotLength: ["a number", isNumber],
  count: ["a number", isNumber],
  engine: ['"auto", "kernel" or "user"', (value) => ["auto", "kernel", "user"].includes(String(value))],
  hook: ['"auto", "xdp" or "tc"', (value) => ["auto", "xdp", "tc"].includes(String(value))],
};

const CASE_KEYS = ["name", "capture", "options", "expect"];
const EXPECT_KEYS = ["packets", "file", "sha256"];

/** @throws RingcapError INPUT that names the file and the place in it */
export function readSuite(path: string): Suite {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw suiteError(path, reasonOf(error), error);
  }
  return checkSuite(path, content);
}

/** @throws RingcapError INPUT */
export function checkSuite(path: string, content: unknown): Suite {
  const fail = (place: string, message: string): never => {
    throw suiteError(path, `${place}: ${message}`);
  };
  const object = (place: string, value: unknown, keys: readonly string[]): JsonObject => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return fail(place, "expected an object");
    const unknown = Object.keys(value).find((key) => !keys.includes(key));
    if (unknown !== undefined) fail(place, `"${unknown}" is none of ${keys.join(", ")}`);
    return value as JsonObject;
  };
  const text = (place: string, value: unknown): string =>
    typeof value === "string" && value !== "" ? value : fail(place, "expected text");

  const suite = object("the suite", content, ["$schema", "cases"]);
  const list: readonly unknown[] = Array.isArray(suite.cases) ? suite.cases : fail("cases", "expected a list");
  const names = new Set<string>();
  const cases = list.map((item, index): SuiteCase => {
    const place = `cases[${index}]`;
    const entry = object(place, item, CASE_KEYS);
    const name = text(`${place}.name`, entry.name);
    if (names.has(name)) fail(`${place}.name`, `"${name}" is the name of an earlier case`);
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
    if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(String(sha256))) {
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
  return { path, directory: dirname(resolve(path)), cases };
}

export function suiteError(path: string, message: string, cause?: unknown): RingcapError {
  const operation = `read the suite ${path}`;
  return new RingcapError(`${operation}: ${message}`, { code: "INPUT", operation, cause });
}
