/**
 * Empty directories that stand for those that a service writes to elsewhere than in its state directory, so that a check
 * leaves nothing there and meets no other process that writes to them. Each is made in the directory that it stands for, and
 * is so on the same file system. The user of the service makes it, so that root's rights are lent to nobody who can exchange
 * everything in that directory.
 */
import { spawnSync } from "node:child_process";
import { join, relative } from "node:path";
import { RingcapError } from "../../errors.ts";
import type { UserAccount } from "../../native/privileges.ts";
import { isBelow } from "../hidden-places.ts";
import type { Service } from "../service.ts";
import { namesOfDeadChecks, ownPrefix } from "./run-directory.ts";

export class StandIns {
  /** What stands for a directory, by its path. */
  readonly paths = new Map<string, string>();
  readonly #user: UserAccount | undefined;

  /** @throws RingcapError OUTPUT where the user cannot make one; none is left then */
  constructor({ needs: { writes }, user }: Service) {
    this.#user = user;
    // Without a user of its own a service writes to its state directory alone.
    if (user === undefined) return;
    try {
      for (const path of writes.toSorted()) this.#make(path);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** What is below a directory that has a stand-in is a directory in that one. */
  #make(path: string): void {
    const above = [...this.paths].find(([other]) => isBelow(path, [other]));
    if (above !== undefined) {
      const [other, standIn] = above;
      this.#run(other, ["mkdir", "-p", "--", join(relative(other, standIn), relative(other, path))]);
      return;
    }
    this.#removeOfDeadChecks(path);
    const name = this.#run(path, ["mktemp", "-d", `.${ownPrefix()}XXXXXXXX`]).trimEnd();
    this.paths.set(path, join(path, name));
  }

  #removeOfDeadChecks(path: string): void {
    try {
      for (const name of namesOfDeadChecks(path)) this.#run(path, ["rm", "-rf", "--", name]);
    } catch {
      // They belong to another user, or the attempt to make one says why it cannot be.
    }
  }

  remove(): void {
    for (const [path, standIn] of this.paths) this.#run(path, ["rm", "-rf", "--", relative(path, standIn)]);
  }

  /** The user need not be able to enter what is above the directory, because the process begins in it. */
  #run(directory: string, words: readonly string[]): string {
    const user = this.#user;
    if (user === undefined) return "";
    const options = { cwd: directory, encoding: "utf8" } as const;
    const { status, stdout, stderr, error } = spawnSync("setpriv", [...userWords(user), "--", ...words], options);
    if (status === 0) return stdout;
    const operation = `use ${directory}`;
    const reason = error?.message ?? stderr.trim();
    const message = `${operation} as the user of the service: ${reason}`;
    throw new RingcapError(message, { code: "OUTPUT", operation, cause: error });
  }
}

/** The words of setpriv(1) that make a process one of that user. */
export function userWords({ user, group, groups }: Omit<UserAccount, "name">): string[] {
  const others = groups.length === 0 ? "--clear-groups" : `--groups=${groups.join(",")}`;
  return [`--reuid=${user}`, `--regid=${group}`, others];
}
