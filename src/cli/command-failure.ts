/** Why the command behind `--` could not be started, from what execve(2) answered and what stands at its path. */
import { existsSync, type Stats, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { getSystemErrorMap } from "node:util";
import { errnoOf, RingcapError, reasonOf } from "../errors.ts";

const WORDS_HINT = "what stands behind -- is a command; an expression stands in front of it";

/** @param path where names without a slash are looked for, as PATH has it */
export function commandFailure(program: string, error: unknown, path: string | undefined): RingcapError {
  const errno = errnoOf(error);
  const operation = `start the command ${program}`;
  const { reason, hint } = explain(errno, error, program, fileOf(program, path));
  const message = `${operation}: ${reason}${errno === undefined ? "" : ` (${errno})`}`;
  return new RingcapError(message, { code: "USAGE", operation, hint, cause: error });
}

interface Explanation {
  readonly reason: string;
  readonly hint?: string;
}

function explain(errno: string | undefined, error: unknown, program: string, file: string | undefined): Explanation {
  const found = file === undefined ? undefined : statOf(file);
  if (errno === "ENOENT") {
    if (found === undefined) return { reason: "there is no such program", hint: WORDS_HINT };
    const hint = `name one that is there: -- sh ${program}; a line that ends in CR LF names none`;
    return { reason: "the interpreter in its first line is not there", hint };
  }
  if (errno === "EACCES" && found?.isDirectory()) return { reason: "it is a directory", hint: WORDS_HINT };
  if (errno === "EACCES" && found !== undefined && (found.mode & 0o111) === 0) {
    return { reason: "it is not executable", hint: `chmod +x ${file}, if it is a program` };
  }
  if (errno === "EACCES") {
    const reason = `user ${process.geteuid?.()} may not execute it, or nobody may on its file system`;
    return { reason, hint: "--user names the user that it runs as, and `findmnt -o options -T` shows noexec" };
  }
  const number = error instanceof Error && "errno" in error ? Number(error.errno) : 0;
  return { reason: getSystemErrorMap().get(number)?.[1] ?? reasonOf(error) };
}

/** The file that execvp(3) tries; undefined where no directory of the path has the name. */
function fileOf(program: string, path = ""): string | undefined {
  if (program.includes("/")) return program;
  return path
    .split(delimiter)
    .map((directory) => join(directory || ".", program))
    .find((file) => existsSync(file));
}

function statOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}
