/**
 * The files that a suite names. A suite comes with the captures that it is about, may be written by a stranger, and is
 * often run with sudo. A file that it names is therefore read and replaced only below the suite's own directory, and
 * only if it is a regular file.
 *
 * A path is first opened without any effect (O_PATH of open(2)), so that no FIFO is waited for and no device is
 * touched. Then the descriptor is looked at, and not the path again. /proc/self/fd says where the file is, whatever
 * links led to it, and stays right when somebody changes the links meanwhile.
 */
import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, type Stats } from "node:fs";
import { constants as system } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { getSystemErrorMap } from "node:util";
import { errnoOf, RingcapError, reasonOf } from "../errors.ts";
import { escapeText } from "../pcap-parser/index.ts";
import { FileReplacement } from "./file-replacement.ts";

/** include/uapi/asm-generic/fcntl.h; the same for x86-64 and arm64. */
const O_PATH = 0o10_000_000;
/** PATH_MAX of include/uapi/linux/limits.h. */
const PATH_LENGTH_MAX = 4096;

/** An open file at a permitted place. */
export class SuiteFile implements Disposable {
  /** The name of the file in the suite, for messages. */
  readonly name: string;
  /** The path of the file with links resolved. */
  readonly location: string;
  readonly status: Stats;
  readonly #fd: number;

  constructor(name: string, location: string, status: Stats, fd: number) {
    this.name = name;
    this.location = location;
    this.status = status;
    this.#fd = fd;
  }

  /** Opens this very file again, from its beginning, for as long as it is not closed. */
  get path(): string {
    return pathOf(this.#fd);
  }

  /** A key that is the same for all names of a file. */
  get identity(): string {
    return `${this.status.dev}:${this.status.ino}`;
  }

  /** @param most bytes @throws RingcapError INPUT */
  readText(most: number): string {
    const operation = `read ${escapeText(this.name)}`;
    const bytes = Buffer.alloc(Math.min(this.status.size, most + 1));
    let length = 0;
    try {
      for (let read = 1; read > 0 && length < bytes.length; length += read) {
        read = readSync(this.#fd, bytes, length, bytes.length - length, length);
      }
    } catch (error) {
      throw inputError(operation, reasonOf(error), undefined, error);
    }
    if (length > most) throw inputError(operation, `it has more than ${most} bytes`);
    return bytes.toString("utf8", 0, length);
  }

  close(): void {
    closeSync(this.#fd);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

export class SuiteFiles {
  readonly #directory: string;
  readonly #allowOutside: boolean;

  /** @param directory of the suite file @throws RingcapError INPUT when it cannot be opened */
  constructor(directory: string, allowOutside: boolean) {
    const fd = openPath(resolve(directory), O_PATH | constants.O_DIRECTORY, directory);
    try {
      this.#directory = locationOf(fd, directory);
    } finally {
      closeSync(fd);
    }
    this.#allowOutside = allowOutside;
  }

  /** @throws RingcapError INPUT when there is no such file, or it is none that a suite may name */
  open(name: string): SuiteFile {
    const found = this.find(name);
    if (found !== undefined) return found;
    throw inputError(`open ${escapeText(name)}`, "there is no such file");
  }

  /** Does what open() does, and returns undefined when there is no such file. */
  find(name: string): SuiteFile | undefined {
    const path = this.#resolve(name);
    let looking: number;
    try {
      looking = openPath(path, O_PATH, name);
    } catch (error) {
      if (error instanceof RingcapError && errnoOf(error.cause) === "ENOENT") return undefined;
      throw error;
    }
    try {
      const location = this.#checkLocation(locationOf(looking, name), name);
      const status = fstatSync(looking);
      checkKind(status, name);
      return new SuiteFile(
        name,
        location,
        status,
        openPath(pathOf(looking), constants.O_RDONLY | constants.O_NONBLOCK, name),
      );
    } finally {
      closeSync(looking);
    }
  }

  /** Begins to write what replaces a file, or a file that is not there yet. @throws RingcapError INPUT or OUTPUT */
  replace(name: string, existing: SuiteFile | undefined): FileReplacement {
    const target = existing?.location ?? this.#resolve(name);
    const directory = openPath(dirname(target), O_PATH | constants.O_DIRECTORY, dirname(name));
    try {
      const location = this.#checkLocation(locationOf(directory, name), name);
      return new FileReplacement(directory, join(location, basename(target)), escapeText(name), existing?.status);
    } catch (error) {
      closeSync(directory);
      throw error;
    }
  }

  /** Refuses a path outside by its name alone, before the file is looked at. */
  #resolve(name: string): string {
    const operation = `open ${escapeText(name)}`;
    if (name.includes("\0")) throw inputError(operation, "the name has a byte of zero");
    if (Buffer.byteLength(name) >= PATH_LENGTH_MAX) throw inputError("open a file", "its name is too long");
    return this.#checkLocation(resolve(this.#directory, name), name);
  }

  #checkLocation(location: string, name: string): string {
    const root = this.#directory === "/" ? "/" : `${this.#directory}/`;
    if (this.#allowOutside || location.startsWith(root) || location === this.#directory) return location;
    const hint = "--allow-outside permits it, for suites that you trust";
    throw inputError(`open ${escapeText(name)}`, "it is outside of the suite's directory", hint);
  }
}

function openPath(path: string, flags: number, name: string): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    throw inputError(`open ${escapeText(name)}`, reasonWithoutPath(error), undefined, error);
  }
}

/** The reason of Node.js names the path that was opened, which may be one of /proc. */
function reasonWithoutPath(error: unknown): string {
  const errno = errnoOf(error);
  if (errno === undefined) return reasonOf(error);
  const numbers: Readonly<Record<string, number>> = system.errno;
  const [, words] = getSystemErrorMap().get(-(numbers[errno] ?? 0)) ?? [];
  return words === undefined ? errno : `${errno} (${words})`;
}

function pathOf(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

function locationOf(fd: number, name: string): string {
  try {
    return readlinkSync(pathOf(fd));
  } catch (error) {
    const hint = "mount /proc: nothing else tells where a file is for certain";
    throw inputError(`find out where ${escapeText(name)} is`, reasonOf(error), hint, error);
  }
}

function checkKind(status: Stats, name: string): void {
  const operation = `open ${escapeText(name)}`;
  if (!status.isFile()) throw inputError(operation, "it is not a regular file");
  // Files of the kernel, such as those in /proc, claim to be empty and may have no end.
  if (status.size === 0) throw inputError(operation, "it is empty");
  if (status.nlink === 0) throw inputError(operation, "it was deleted");
}

function inputError(operation: string, reason: string, hint?: string, cause?: unknown): RingcapError {
  return new RingcapError(`${operation}: ${reason}`, { code: "INPUT", operation, hint, cause });
}
