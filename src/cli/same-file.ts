/** An output that is a file which is read would be emptied before it is read, or grow while it is. */
import { fstatSync, type Stats, statSync } from "node:fs";
import { usageError } from "../errors.ts";

const STDIN = 0;
const STDOUT = 1;

/**
 * Compares files, not names: links, `-`, /dev/stdin and redirections of the shell included.
 *
 * @param written a path, "-" for stdout; undefined: nothing is written
 * @param read paths, "-" for stdin
 * @throws RingcapError USAGE when the output is a file that is read
 */
export function refuseOverwriting(written: string | undefined, read: readonly string[]): void {
  if (written === undefined) return;
  const output = statusOf(written, STDOUT);
  if (output === undefined || !output.isFile()) return;
  const same = read.find((name) => {
    const input = statusOf(name, STDIN);
    return input !== undefined && output.dev === input.dev && output.ino === input.ino;
  });
  if (same === undefined) return;
  const [to, from] = [nameOf(written, "standard output"), nameOf(same, "standard input")];
  throw usageError("--write", `${to} is a file that is read, as ${from}`, "write to another one");
}

/** The files of lists (`@file`) among the values of options. */
export function listFiles(flags: object): string[] {
  return Object.values(flags)
    .flat()
    .filter((value): value is string => typeof value === "string" && value.startsWith("@"))
    .map((list) => list.slice(1));
}

/** Undefined when there is no such file, and for a standard stream that is closed. */
function statusOf(name: string, stream: number): Stats | undefined {
  if (name !== "-") return statSync(name, { throwIfNoEntry: false });
  try {
    return fstatSync(stream);
  } catch {
    return undefined;
  }
}

function nameOf(name: string, stream: string): string {
  return name === "-" ? stream : `"${name}"`;
}
