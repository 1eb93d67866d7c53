/**
 * The directory of an incident. It is called NAME.partial until everything in it is on the disk, and NAME from then on.
 * Its report is there from the beginning, with room for the last one, so that a full disk cannot keep it from being
 * written.
 */
import {
  closeSync,
  constants,
  fsync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { errnoOf, RingcapError } from "../errors.ts";
import { refuseForeignLinks } from "../outputs/output-path.ts";
import { isThere, syncDirectory } from "../outputs/partial-file.ts";
import { writeAllAt } from "../outputs/write-all.ts";
import { openOutput, outputError } from "../pcap-writer/index.ts";

export const REPORT_NAME = "incident.json";
export const PARTIAL = ".partial";
const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
/** Bytes that the report takes on the disk while the incident lasts. */
const RESERVED = 1 << 17;
const PRIVATE = 0o700;
const fsyncLater = promisify(fsync);

export class IncidentDirectory {
  /** The name that the directory has at the end. */
  readonly name: string;
  /** Whether the directory has it. */
  isFinished = false;
  readonly #base: string;
  readonly #report: number;
  readonly #identity: { readonly ino: bigint; readonly dev: bigint };

  private constructor(base: string, name: string, report: number, identity: { ino: bigint; dev: bigint }) {
    this.#base = base;
    this.name = name;
    this.#report = report;
    this.#identity = identity;
  }

  /**
   * Makes the directory, readable for its owner alone.
   *
   * @param base the directory of -w @param name of the incident; a number is put behind it where it is taken
   * @param trusted users whose links on the way are followed
   * @throws RingcapError OUTPUT
   */
  static create(base: string, name: string, trusted: ReadonlySet<number>): IncidentDirectory {
    refuseForeignLinks(base, trusted);
    for (let count = 1; ; count++) {
      const numbered = count === 1 ? name : `${name}-${count}`;
      const path = join(base, `${numbered}${PARTIAL}`);
      if (isThere(join(base, numbered))) continue;
      try {
        mkdirSync(path, PRIVATE);
      } catch (error) {
        if (errnoOf(error) === "EEXIST") continue;
        throw outputError(path, error);
      }
      const { ino, dev } = lstatSync(path, { bigint: true });
      return new IncidentDirectory(base, numbered, reserve(path), { ino, dev });
    }
  }

  /** The path that the directory has until it is finished. */
  get partialPath(): string {
    return join(this.#base, `${this.name}${PARTIAL}`);
  }

  get path(): string {
    return join(this.#base, this.name);
  }

  /** Where it is at present; undefined where somebody removed it, or moved it away. */
  get place(): string | undefined {
    if (this.isFinished) return this.path;
    return this.#isMine() ? this.partialPath : undefined;
  }

  /** Writes the report over the one before. @throws RingcapError OUTPUT */
  writeReport(text: string): void {
    const bytes = Buffer.from(text.padEnd(RESERVED, " "));
    try {
      writeAllAt(this.#report, bytes, 0);
    } catch (error) {
      throw outputError(join(this.partialPath, REPORT_NAME), error);
    }
  }

  /**
   * Writes the last report, puts it on the disk, and gives the directory its name.
   *
   * @throws RingcapError OUTPUT, also where the directory is gone or its name is taken
   */
  async finish(text: string): Promise<void> {
    this.writeReport(text);
    try {
      ftruncateSync(this.#report, Buffer.byteLength(text));
      await fsyncLater(this.#report);
      await syncDirectory(join(this.partialPath, REPORT_NAME));
      if (!this.#isMine()) throw goneError(this.partialPath);
      if (isThere(this.path)) throw takenError(this.path);
      renameSync(this.partialPath, this.path);
      this.isFinished = true;
      await syncDirectory(this.path);
    } catch (error) {
      throw error instanceof RingcapError ? error : outputError(this.path, error);
    }
  }

  #isMine(): boolean {
    const found = lstatSync(this.partialPath, { bigint: true, throwIfNoEntry: false });
    return found?.ino === this.#identity.ino && found.dev === this.#identity.dev;
  }

  close(): void {
    closeSync(this.#report);
  }

  /** Removes what was made, where no packet is in it. */
  discard(): void {
    this.close();
    if (!this.#isMine()) return;
    try {
      for (const name of readdirSync(this.partialPath)) unlinkSync(join(this.partialPath, name));
      rmdirSync(this.partialPath);
    } catch {
      // The next start says that it is there.
    }
  }
}

/** Makes the file of the report, with blanks in it, which JSON takes behind an object. @param directory that was made for it */
function reserve(directory: string): number {
  const path = join(directory, REPORT_NAME);
  let fd: number | undefined;
  try {
    fd = openOutput(path, CREATE);
    writeAllAt(fd, Buffer.alloc(RESERVED, " "), 0);
    return fd;
  } catch (error) {
    if (fd !== undefined) {
      closeSync(fd);
      unlinkSync(path);
    }
    rmdirSync(directory);
    throw error instanceof RingcapError ? error : outputError(path, error);
  }
}

function goneError(path: string): RingcapError {
  const operation = `write ${path}`;
  const hint = "write to a directory that no other program changes";
  return new RingcapError(`${operation}: somebody removed it`, { code: "OUTPUT", operation, hint });
}

function takenError(path: string): RingcapError {
  const operation = `write ${path}`;
  return new RingcapError(`${operation}: something else has that name`, { code: "OUTPUT", operation });
}
