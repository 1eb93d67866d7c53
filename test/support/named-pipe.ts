/** Named pipes, which stand for the "|" of a shell: the test decides when their reader reads, and when it goes away. */
import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryDirectory } from "./temporary.ts";

/** A new named pipe. Only inside a test. */
export function namedPipe(): string {
  const path = join(temporaryDirectory(), "pipe");
  if (spawnSync("mkfifo", [path]).status !== 0) throw new Error(`mkfifo ${path} failed`);
  return path;
}

/** Words before a command that send its standard output to the path. The process stays the same one. */
export function outputTo(path: string): string[] {
  return ["sh", "-c", 'exec "$@" >"$0"', path];
}

/** Words before a command that takes its standard input from the path. */
export function inputFrom(path: string): string[] {
  return ["sh", "-c", 'exec "$@" <"$0"', path];
}

/** Opens the pipe for reading, and does not read. @returns what makes the reader go away */
export function stalledReader(path: string): () => void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let open = true;
  const close = () => {
    if (open) closeSync(fd);
    open = false;
  };
  onTestFinished(close);
  return close;
}
