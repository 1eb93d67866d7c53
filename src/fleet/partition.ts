/**
 * Where the files of a table lie: table=NAME/date=YYYY-MM-DD/host=NAME, which is how Hive parts a table. DuckDB
 * reads such directories, and can pass over those that a question cannot be about.
 */
import { usageError } from "../errors.ts";
import type { TableName } from "./contract/table.ts";

/** What a name may have as it is. Hive writes a percent sign and two hexadecimal digits for other bytes. */
const PLAIN = /^[A-Za-z0-9._-]$/;
/** The most bytes of a name in a path: NAME_MAX of the kernel is 255, of which "host=" takes five. */
const LONGEST = 250;
const MILLISECONDS_PER_DAY = 86_400_000;

/** @param host as partitionValue() writes it */
export function partitionPath(table: TableName, date: string, host: string): string {
  return `table=${table}/date=${date}/host=${host}`;
}

/**
 * The name of a host as a path has it.
 *
 * @param option the one that has the name
 * @throws RingcapError USAGE for an empty one, and for one that is too long
 */
export function hostInPath(host: string, option = "host"): string {
  const hint = "name the host as the questions will, such as web1";
  if (host === "") throw usageError(option, "it is empty", hint);
  const encoded = [...Buffer.from(host)].map(encodeByte).join("");
  if (encoded.length > LONGEST) throw usageError(option, `it is longer than ${LONGEST} bytes in a path`, hint);
  return encoded;
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return PLAIN.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** The number of the day of a time, from 1970-01-01 on. @param seconds since the epoch */
export function dayOf(seconds: number): number {
  return Math.floor(seconds / 86_400);
}

/** The day as YYYY-MM-DD, in UTC. */
export function dateOf(day: number): string {
  return new Date(day * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}
