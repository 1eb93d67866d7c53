/**
 * The files of a spool: lines of JSON that are appended and never changed. A file has a number, and with a generation behind it one
 * that was written anew without some of its lines: of a number, the last generation counts.
 */
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../../errors.ts";
import { lockFile } from "../../native/file-lock.ts";
import { type EventLine, parseEventLine } from "./event-line.ts";

export interface SpoolFile {
  readonly number: number;
  readonly generation: number;
}

const NAME = /^(\d{10})\.(\d{1,6})\.jsonl$/;
const PARTIAL = ".partial";
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

export function spoolFileName({ number, generation }: SpoolFile): string {
  return `${String(number).padStart(10, "0")}.${generation}.jsonl`;
}

/** Makes the directory where it is not there. @throws where it cannot be made, or is another user's */
function makeSpoolDirectory(path: string): void {
  try {
    mkdirSync(path, PRIVATE_DIRECTORY);
    return;
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
  }
  const status = lstatSync(path);
  if (!status.isDirectory()) throw new Error("it is there, and is no directory");
  if (status.uid !== process.geteuid?.()) throw new Error(`it belongs to user ${status.uid}`);
}

/** Whether there may be events in it that this user has left there. */
export function mayHaveSpool(path: string): boolean {
  try {
    const status = lstatSync(path);
    return status.isDirectory() && status.uid === process.geteuid?.();
  } catch {
    return false;
  }
}

/** Locks the directory for as long as its descriptor is open. @returns the descriptor; undefined where another process has it */
export function lockSpoolDirectory(path: string): number | undefined {
  makeSpoolDirectory(path);
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    // Whoever had it before may have removed it in the meantime.
    if (lockFile(fd) && statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(fd).ino) return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  closeSync(fd);
  return undefined;
}

/** Returns the files in their order. Files that were left in the midst of writing are removed. */
export function listSpoolFiles(path: string): SpoolFile[] {
  const found = new Map<number, SpoolFile>();
  for (const name of readdirSync(path)) {
    if (name.endsWith(PARTIAL) && NAME.test(name.slice(0, -PARTIAL.length))) rmSync(join(path, name), { force: true });
    const [, number, generation] = NAME.exec(name) ?? [];
    if (number === undefined) continue;
    const file = { number: Number(number), generation: Number(generation) };
    const other = found.get(file.number);
    const [last, former] = other !== undefined && other.generation > file.generation ? [other, file] : [file, other];
    found.set(file.number, last);
    if (former !== undefined) removeSpoolFile(path, former);
  }
  return [...found.values()].sort((a, b) => a.number - b.number);
}

/**
 * Returns the lines of a file, and how many others are no events. A last line without its end, as SIGKILL and a loss of power leave
 * one, is not counted: whoever wrote it was not told that it is kept.
 */
export function readSpoolFile(
  path: string,
  file: SpoolFile,
): { readonly lines: EventLine[]; readonly damaged: number } {
  const fd = openSync(join(path, spoolFileName(file)), constants.O_RDONLY | constants.O_NOFOLLOW);
  let text: string;
  try {
    text = readFileSync(fd, "utf8");
  } finally {
    closeSync(fd);
  }
  const texts = text.split("\n");
  texts.pop();
  const lines = texts.map(parseEventLine).filter((line) => line !== undefined);
  return { lines, damaged: texts.length - lines.length };
}

/** Opens a new file for appending. @returns its descriptor */
export function createSpoolFile(path: string, file: SpoolFile): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND } = constants;
  const fd = openSync(join(path, spoolFileName(file)), O_WRONLY | O_CREAT | O_EXCL | O_APPEND, PRIVATE_FILE);
  try {
    syncDirectory(path);
  } catch (error) {
    closeSync(fd);
    removeSpoolFile(path, file);
    throw error;
  }
  return fd;
}

/** Appends lines, which are on the disk when the call returns. */
export function appendLines(fd: number, lines: readonly EventLine[]): void {
  writeAll(fd, textOf(lines));
  fdatasyncSync(fd);
}

/** Writes the next generation of a file, in the place of the last one. */
export function rewriteSpoolFile(path: string, file: SpoolFile, lines: readonly EventLine[]): SpoolFile {
  const next = { number: file.number, generation: file.generation + 1 };
  const whole = join(path, spoolFileName(next));
  const partial = `${whole}${PARTIAL}`;
  rmSync(partial, { force: true });
  try {
    const fd = openSync(partial, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, PRIVATE_FILE);
    try {
      writeAll(fd, textOf(lines));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(partial, whole);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  syncDirectory(path);
  removeSpoolFile(path, file);
  return next;
}

export function removeSpoolFile(path: string, file: SpoolFile): void {
  rmSync(join(path, spoolFileName(file)), { force: true });
}

function textOf(lines: readonly EventLine[]): Buffer {
  return Buffer.from(lines.map(({ text }) => `${text}\n`).join(""));
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let from = 0; from < bytes.length; ) from += writeSync(fd, bytes, from);
}

/** The name of a file is on the disk when its directory is. */
function syncDirectory(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
