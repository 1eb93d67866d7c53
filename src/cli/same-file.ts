/** Refuses an output that is also read, because it would be emptied before it is read, or grow while it is read. */
import { fstatSync, type Stats, statSync } from "node:fs";
import { usageError } from "../errors.ts";

const STDIN = 0;
const STDOUT = 1;

/**
 * Compares files and not names, so that links, `-`, /dev/stdin and redirections of the shell are recognised.
 *
 * @param written the path of the output, "-" for standard output; undefined where nothing is written
 * @param read the paths of the inputs, "-" for standard input
 * @param option of the output
 * @throws RingcapError USAGE when the output is a file that is read
 */
export function refuseOverwriting(written: string | undefined, read: readonly string[], option = "--write"): void {
  if (written === undefined) return;
  const output = statusOf(written, STDOUT);
  if (output === undefined || !output.isFile()) return;
  const same = read.find((name) => {
    const input = statusOf(name, STDIN);
    return input !== undefined && output.dev === input.dev && output.ino === input.ino;
  });
  if (same === undefined) return;
  const [to, from] = [nameOf(written, "standard output"), nameOf(same, "standard input")];
  throw usageError(option, `${to} is a file that is read, as ${from}`, "write to another one");
}

/** Returns the files of lists (`@file`) among the values of options. */
export function listFiles(flags: object): string[] {
  return Object.values(flags)
    .flat()
    .filter((value): value is string => typeof value === "string" && value.startsWith("@"))
    .map((list) => list.slice(1));
}

/**
 * Returns the status of a file. It is undefined when there is no such file, when this user may not look at it, which whoever
 * opens it tells, and for a standard stream that is closed.
 */
function statusOf(name: string, stream: number): Stats | undefined {
  try {
    return name === "-" ? fstatSync(stream) : statSync(name);
  } catch {
    return undefined;
  }
}

function nameOf(name: string, stream: string): string {
  return name === "-" ? stream : `"${name}"`;
}
