/** A file that has the name NAME.partial until it is complete and on the disk, and its own name from then on. */
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  fsync,
  linkSync,
  lstatSync,
  openSync,
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
/** What file systems without hard links answer. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set(["EPERM", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);
const fsyncLater = promisify(fsync);

export class PartialFile {
  readonly fd: number;
  /** What the file will be called. */
  readonly path: string;
  readonly partialPath: string;
  #isOpen = true;
  #isNamed = false;

  private constructor(fd: number, path: string, partialPath: string) {
    this.fd = fd;
    this.path = path;
    this.partialPath = partialPath;
  }

  /**
   * Creates it, for its owner alone. What an earlier process left as NAME.partial stays, and this one is NAME.2.partial then.
   *
   * @throws RingcapError OUTPUT, also where there is a file of the name that it will have
   */
  static create(path: string): PartialFile {
    if (isThere(path)) throw taken(path);
    const partialPath = freePartialPath(path);
    const file = new PartialFile(openOutput(partialPath, CREATE, path), path, partialPath);
    try {
      lockFile(file.fd);
      return file;
    } catch (error) {
      file.discard();
      throw outputError(path, error);
    }
  }

  /** The name that it has: its own one when it is finished. */
  get currentPath(): string {
    return this.#isNamed ? this.path : this.partialPath;
  }

  /** Makes it another user's. @throws RingcapError OUTPUT */
  giveTo({ user, group }: FileOwner): void {
    try {
      fchownSync(this.fd, user, group);
    } catch (error) {
      throw outputError(this.path, error);
    }
  }

  /** Ends the file, puts it on the disk, and gives it its name. It is closed then, also where that fails. @throws RingcapError OUTPUT */
  async finish(file: CaptureFile): Promise<void> {
    let failure: unknown;
    try {
      await file.finish();
    } catch (error) {
      failure = error;
    }
    try {
      if (this.#isMine(this.partialPath)) await this.#name();
    } catch (error) {
      failure ??= error;
    } finally {
      this.#isOpen = false;
      file.release();
    }
    if (failure !== undefined) throw failure;
  }

  /** Removes the file, with what is in it. */
  discard(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#isMine(this.partialPath)) unlinkSync(this.partialPath);
    closeSync(this.fd);
  }

  /** Whether the path is this file's: somebody may have removed it and put another one there. */
  #isMine(path: string): boolean {
    const [file, found] = [fstatSync(this.fd), lstatSync(path, { throwIfNoEntry: false })];
    return found !== undefined && found.ino === file.ino && found.dev === file.dev;
  }

  async #name(): Promise<void> {
    try {
      // A link is refused where the name is taken by then; a renaming would replace what is there.
      linkSync(this.partialPath, this.path);
      unlinkSync(this.partialPath);
    } catch (error) {
      if (errnoOf(error) === "EEXIST") throw taken(this.path);
      if (!NO_LINKS.has(errnoOf(error))) throw outputError(this.path, error);
      this.#rename();
    }
    this.#isNamed = true;
    await syncDirectory(this.path);
  }

  #rename(): void {
    if (isThere(this.path)) throw taken(this.path);
    try {
      renameSync(this.partialPath, this.path);
    } catch (error) {
      throw outputError(this.path, error);
    }
  }
}

/** So that the name outlives a failure of power. File systems that cannot do it are no reason to fail. */
async function syncDirectory(path: string): Promise<void> {
  const directory = path.slice(0, path.lastIndexOf("/") + 1) || ".";
  try {
    const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
    await fsyncLater(fd).finally(() => closeSync(fd));
  } catch {
    // The file itself is on the disk.
  }
}

function freePartialPath(path: string): string {
  for (let count = 1; ; count++) {
    const partialPath = count === 1 ? `${path}.partial` : `${path}.${count}.partial`;
    if (!isThere(partialPath)) return partialPath;
  }
}

/** Whether there is anything of that name. @throws RingcapError OUTPUT */
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
