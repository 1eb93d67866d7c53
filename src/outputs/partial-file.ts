/** A file that is called NAME.partial until it is complete and on the disk, and NAME from then on. */
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  fsync,
  linkSync,
  lstatSync,
  openSync,
  readlinkSync,
  renameSync,
  unlinkSync,
} from "node:fs";
import { promisify } from "node:util";
import { errnoOf, RingcapError } from "../errors.ts";
import { lockFile } from "../native/file-lock.ts";
import { openOutput, outputError } from "../pcap-writer/index.ts";
import type { FileOwner } from "../pipeline/sink.ts";
import type { CaptureFile } from "./capture-file.ts";

const CREATE = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const NO_LINKS: ReadonlySet<string | undefined> = new Set(["EPERM", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);
const fsyncLater = promisify(fsync);

export class PartialFile {
  readonly fd: number;
  /** The path that the file will have when it is finished. */
  readonly path: string;
  readonly partialPath: string;
  /** Whether it takes the place of a file that has its name. */
  readonly #replaces: boolean;
  #isOpen = true;
  #isNamed = false;
  /** The path that another program gave the file before it was finished. It is undefined without /proc, too. */
  movedTo: string | undefined;

  private constructor(fd: number, path: string, partialPath: string, replaces: boolean) {
    this.fd = fd;
    this.path = path;
    this.partialPath = partialPath;
    this.#replaces = replaces;
  }

  /**
   * Creates the file, readable and writable for its owner alone. A NAME.partial of an earlier process stays, and the
   * new file is called NAME.2.partial in that case.
   *
   * @param replaces whether it takes the place of a file called NAME, which stays until this one is finished
   * @throws RingcapError OUTPUT, also where a file called NAME exists and is not replaced
   */
  static create(path: string, replaces = false): PartialFile {
    if (!replaces && isThere(path)) throw taken(path);
    const partialPath = freePartialPath(path);
    const file = new PartialFile(openOutput(partialPath, CREATE, path), path, partialPath, replaces);
    try {
      lockFile(file.fd);
      return file;
    } catch (error) {
      file.discard();
      throw outputError(path, error);
    }
  }

  /** The path that the file has at present. It is the final one when the file is finished. */
  get currentPath(): string {
    return this.#isNamed ? this.path : (this.movedTo ?? this.partialPath);
  }

  /** Gives the file to another user. @throws RingcapError OUTPUT */
  giveTo({ user, group }: FileOwner): void {
    try {
      fchownSync(this.fd, user, group);
    } catch (error) {
      throw outputError(this.path, error);
    }
  }

  /**
   * Ends the file, puts it on the disk, renames it, and closes it.
   *
   * @throws RingcapError OUTPUT; the file is closed in that case too
   */
  async finish(file: Pick<CaptureFile, "finish" | "release">): Promise<void> {
    let failure: unknown;
    try {
      await file.finish();
    } catch (error) {
      failure = error;
    }
    try {
      if (this.#isMine(this.partialPath)) await this.#name();
      else if (fstatSync(this.fd).nlink > 0) this.movedTo = nameOfOpen(this.fd);
    } catch (error) {
      failure ??= error;
    } finally {
      this.#isOpen = false;
      file.release();
    }
    if (failure !== undefined) throw failure;
  }

  /** Closes the file, and leaves it at its partial path for whoever gives it its name. */
  leave(): void {
    this.#isOpen = false;
    closeSync(this.fd);
  }

  /** Removes the file and the packets in it. */
  discard(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#isMine(this.partialPath)) unlinkSync(this.partialPath);
    closeSync(this.fd);
  }

  /** Whether the path leads to this file. Another program may have removed the file and put another one there. */
  #isMine(path: string): boolean {
    const [file, found] = [fstatSync(this.fd), lstatSync(path, { throwIfNoEntry: false })];
    return found !== undefined && found.ino === file.ino && found.dev === file.dev;
  }

  async #name(): Promise<void> {
    if (this.#replaces) rename(this.partialPath, this.path);
    else if (!giveFreeName(this.partialPath, this.path)) throw taken(this.path);
    this.#isNamed = true;
    await syncDirectory(this.path);
  }
}

/** Renames a file, but replaces none. @returns whether there was no file of the name @throws RingcapError OUTPUT */
export function giveFreeName(from: string, to: string): boolean {
  try {
    // link() fails where a file of the name exists. rename() would replace that file.
    linkSync(from, to);
    unlinkSync(from);
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    if (!isWithoutLinks(error)) throw outputError(to, error);
    if (isThere(to)) return false;
    rename(from, to);
  }
  return true;
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    throw outputError(to, error);
  }
}

/** Whether link() failed because the file system has no hard links, or no more of them. */
export function isWithoutLinks(error: unknown): boolean {
  return NO_LINKS.has(errnoOf(error));
}

/** Returns the path of an open file. It is undefined without /proc. */
function nameOfOpen(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

/**
 * Puts the directory on the disk, so that the new name survives a power failure. It does not fail on file systems that
 * cannot do this.
 */
export async function syncDirectory(path: string): Promise<void> {
  const directory = path.slice(0, path.lastIndexOf("/") + 1) || ".";
  try {
    const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
    await fsyncLater(fd).finally(() => closeSync(fd));
  } catch {
    // The file itself is on the disk, so that this failure is ignored.
  }
}

function freePartialPath(path: string): string {
  for (let count = 1; ; count++) {
    const partialPath = count === 1 ? `${path}.partial` : `${path}.${count}.partial`;
    if (!isThere(partialPath)) return partialPath;
  }
}

/** Whether a file, link or directory of that name exists. @throws RingcapError OUTPUT */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw outputError(path, error);
  }
}

function taken(path: string): RingcapError {
  const operation = `write ${path}`;
  const hint = "move it away, or choose a name with %n, or with the date and time: %Y%m%d-%H%M%S";
  return new RingcapError(`${operation}: there is a file of that name`, { code: "OUTPUT", operation, hint });
}
