/**
 * The process that reads an MMDB file (maxmind.github.io/MaxMind-DB). A few hundred bytes from a stranger can describe a
 * value that takes all memory or years to read. Node.js ends the whole process for want of memory, threads included, so
 * that the reading has a process of its own.
 */
import { fstatSync, readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";
import { Reader } from "mmdb-lib";
import { DATABASE_FD, DATABASE_MAX, PATIENCE_MILLISECONDS } from "./address-database-limits.ts";

/** The most characters of a name that are kept. */
const LONGEST = 100;

/** Runs work, and ends it where it takes too long, so that the process does not outlive the other one. */
function inTime<Result>(work: () => Result): Result | undefined {
  let result: Result | undefined;
  Object.defineProperty(globalThis, "ringcapWork", {
    value: () => {
      result = work();
    },
    configurable: true,
  });
  runInThisContext("ringcapWork()", { timeout: PATIENCE_MILLISECONDS });
  return result;
}

function open(): Reader<never> {
  const { size } = fstatSync(DATABASE_FD);
  if (size > DATABASE_MAX) throw new Error(`it has ${size} bytes, of ${DATABASE_MAX} at most`);
  return new Reader(readFileSync(DATABASE_FD));
}

/**
 * The fields of GeoLite2, of DB-IP and of IPinfo. Everything in a record may be of any kind.
 *
 * @returns the values of AddressOwner
 */
function ownerOf(record: unknown): { asn?: string; country?: string } {
  const number = valueIn(record, "autonomous_system_number") ?? valueIn(record, "asn");
  const name = valueIn(record, "autonomous_system_organization") ?? valueIn(record, "as_name");
  const country =
    valueIn(record, "country", "iso_code") ??
    valueIn(record, "registered_country", "iso_code") ??
    valueIn(record, "country_code") ??
    valueIn(record, "country");
  const asn = number === undefined ? undefined : `AS${number.replace(/^AS/i, "")}`;
  return {
    ...(asn === undefined ? {} : { asn: [asn, ...(name === undefined ? [] : [name])].join(" ") }),
    ...(country === undefined ? {} : { country }),
  };
}

function valueIn(record: unknown, ...names: readonly string[]): string | undefined {
  let value = record;
  for (const name of names) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value.slice(0, LONGEST) : undefined;
}

function answer(work: () => unknown): void {
  try {
    process.send?.({ value: inTime(work) });
  } catch (error) {
    process.send?.({ failure: error instanceof Error ? error.message : String(error) });
  }
}

// Ctrl-C at the terminal is for the other process, which then wants an answer all the same.
process.on("SIGINT", () => {});
let reader: Reader<never> | undefined;
answer(() => {
  reader = open();
});
process.on("message", (addresses: readonly string[]) =>
  answer(() => addresses.map((address) => ownerOf(reader?.get(address)))),
);
