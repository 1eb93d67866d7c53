/** The directory of -w, in which each incident makes one of its own. */
import {
  chownSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  type Stats,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { errnoOf, RingcapError, usageError } from "../errors.ts";
import { lockFile } from "../native/file-lock.ts";
import { refuseStrangers, refuseUnwritable } from "../outputs/output-directory.ts";
import { refuseForeignLinks, trustedUsers } from "../outputs/output-path.ts";
import { isThere } from "../outputs/partial-file.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileOwner } from "../pipeline/sink.ts";
import { PARTIAL } from "./incident-directory.ts";
import { INCIDENT_NAME } from "./incident-name.ts";

const DIRECTORY_HINT = "name a directory, in which each incident makes its own";
const FILE_NAME = /\.pcap(ng)?(\.(gz|zst))?$/;
const PRIVATE = 0o700;

export class WatchDirectory {
  readonly path: string;
  /** The users whose links are followed, also after the process became another user. */
  readonly trusted = trustedUsers();
  readonly owner: FileOwner;
  readonly #isNew: boolean;
  /** The directory, which is locked for as long as it is open. */
  readonly #fd: number;

  /**
   * Checks the directory, and locks it against another watch. One that is not there is made, readable for its owner
   * alone.
   *
   * @throws RingcapError OUTPUT or USAGE, also for a directory that another watch writes to
   */
  constructor(path: string) {
    this.path = path;
    refuseForeignLinks(path, this.trusted);
    this.#isNew = make(path);
    const stat = status(path);
    if (!stat.isDirectory()) throw usageError("write", `${path} is no directory`, DIRECTORY_HINT);
    refuseStrangers(path);
    this.owner = { user: stat.uid, group: stat.gid };
    this.#fd = lock(path);
  }

  /** Lets another watch have the directory, and removes it where it was made and nothing is in it. */
  abandon(): void {
    closeSync(this.#fd);
    if (!this.#isNew) return;
    try {
      rmdirSync(this.path);
    } catch {
      // Something is in it.
    }
  }

  /**
   * Gives a directory that was made to the user that the process goes on as.
   *
   * @param owner undefined where the process keeps its capabilities
   * @throws RingcapError OUTPUT where that user cannot write to one that was there
   */
  giveTo(owner: FileOwner | undefined): void {
    if (owner === undefined) return;
    if (!this.#isNew) {
      refuseUnwritable(join(this.path, "incident"), owner);
      return;
    }
    try {
      chownSync(this.path, owner.user, owner.group);
    } catch (error) {
      throw outputError(this.path, error);
    }
  }

  /** The incidents that a watch has left in the midst of them, by their paths. @throws RingcapError OUTPUT */
  leftBehind(): string[] {
    try {
      return readdirSync(this.path)
        .filter((name) => name.endsWith(PARTIAL) && INCIDENT_NAME.test(name.slice(0, -PARTIAL.length)))
        .map((name) => join(this.path, name));
    } catch (error) {
      throw outputError(this.path, error);
    }
  }
}

/** Opens the directory and locks it, so that two watches neither mix their incidents nor their usual rates. @returns the descriptor */
function lock(path: string): number {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
    if (lockFile(fd)) return fd;
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    throw outputError(path, error);
  }
  const holder = holderOf(fd);
  closeSync(fd);
  const operation = `write to ${path}`;
  const who = holder === undefined ? "another watch" : `the watch of process ${holder}`;
  throw new RingcapError(`${operation}: ${who} writes to it`, {
    code: "OUTPUT",
    operation,
    hint: "give each watch a directory of its own, or end the other one first",
  });
}

/** Returns the process that has locked the open file, by proc_locks(5). It is undefined for one of another namespace. */
function holderOf(fd: number): string | undefined {
  const { ino } = fstatSync(fd, { bigint: true });
  try {
    const locks = readFileSync("/proc/locks", "utf8");
    return new RegExp(`^\\d+: FLOCK .* ([1-9]\\d*) [\\da-f]+:[\\da-f]+:${ino} `, "m").exec(locks)?.[1];
  } catch {
    return undefined;
  }
}

/** @returns whether it was made */
function make(path: string): boolean {
  if (FILE_NAME.test(path) && !isThere(path))
    throw usageError("write", `${path} is the name of a file`, DIRECTORY_HINT);
  try {
    mkdirSync(path, PRIVATE);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw outputError(path, error);
  }
}

function status(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw outputError(path, error);
  }
}
