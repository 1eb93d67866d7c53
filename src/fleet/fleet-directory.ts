/** The directory of all tables that an export or a watch writes to. */
import { chownSync, mkdirSync, rmdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { errnoOf, usageError } from "../errors.ts";
import { refuseForeignDirectory, refuseStrangers, refuseUnwritable } from "../outputs/output-directory.ts";
import { refuseForeignLinks, trustedUsers } from "../outputs/output-path.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileOwner } from "../pipeline/sink.ts";

const PRIVATE = 0o700;

export class FleetDirectory {
  readonly path: string;
  readonly owner: FileOwner;
  readonly #isNew: boolean;

  /**
   * Makes the directory where it is not there, readable for its owner alone.
   *
   * @param option by which it was named
   * @throws RingcapError OUTPUT, also where anybody may rename what is in it; USAGE for what is no directory
   */
  constructor(path: string, option: string) {
    this.path = path;
    refuseForeignLinks(path, trustedUsers());
    this.#isNew = make(path, option);
    try {
      refuseStrangers(path);
    } catch (error) {
      this.abandon();
      throw error;
    }
    const { uid: user, gid: group } = statSync(path);
    this.owner = { user, group };
  }

  /** Is for a process that keeps its rights. @throws RingcapError OUTPUT where it is in the hands of another user */
  refuseForeign(): void {
    refuseForeignDirectory(this.path, trustedUsers());
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
      refuseUnwritable(join(this.path, "table"), owner);
      return;
    }
    try {
      chownSync(this.path, owner.user, owner.group);
    } catch (error) {
      throw outputError(this.path, error);
    }
  }

  /** Removes it where it was made and nothing is in it. */
  abandon(): void {
    if (!this.#isNew) return;
    try {
      rmdirSync(this.path);
    } catch {
      // Something is in it.
    }
  }
}

/** @returns whether it was made */
function make(path: string, option: string): boolean {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
    mkdirSync(path, PRIVATE);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") throw usageError(option, `${path} is no directory`, "name a directory");
    throw outputError(path, error);
  }
}
