/** The directory of -w, in which each incident makes one of its own. */
import { chownSync, mkdirSync, readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { errnoOf, RingcapError, usageError } from "../errors.ts";
import { refuseUnwritable } from "../outputs/output-directory.ts";
import { refuseForeignLinks, trustedUsers } from "../outputs/output-path.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileOwner } from "../pipeline/sink.ts";
import { PARTIAL } from "./incident-directory.ts";
import { INCIDENT_NAME } from "./incident-name.ts";

const PRIVATE = 0o700;
/** Others may write to it, and nobody removes what is not their own (the sticky bit). */
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

export class WatchDirectory {
  readonly path: string;
  /** The users whose links are followed, also after the process became another user. */
  readonly trusted = trustedUsers();
  readonly owner: FileOwner;
  readonly #isNew: boolean;

  /**
   * Checks the directory. One that is not there is made, readable for its owner alone.
   *
   * @throws RingcapError OUTPUT or USAGE, also for a directory of another user
   */
  constructor(path: string) {
    this.path = path;
    refuseForeignLinks(path, this.trusted);
    this.#isNew = make(path);
    const stat = status(path);
    if (!stat.isDirectory()) {
      throw usageError("write", `${path} is no directory`, "name a directory, in which each incident makes its own");
    }
    this.#refuseStrangers(stat);
    this.owner = { user: stat.uid, group: stat.gid };
  }

  /** In a directory in which anybody may rename everything, what is written may end up anywhere. */
  #refuseStrangers({ mode }: Stats): void {
    if ((mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0) return;
    const operation = `write to ${this.path}`;
    throw new RingcapError(`${operation}: anybody may rename and remove what is in it`, {
      code: "OUTPUT",
      operation,
      hint: `chmod o-w ${this.path}, or name a directory that nobody else can write to`,
    });
  }

  /** Gives a directory that was made to another user. @throws RingcapError OUTPUT where that user cannot write to it */
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

/** @returns whether it was made */
function make(path: string): boolean {
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
