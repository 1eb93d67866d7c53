/** A file that takes the place of another when it is complete, and is never seen before. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
} from "node:fs";
import { basename } from "node:path";
import { outputError } from "../pcap-writer/index.ts";

/** The mode of a file that replaces none: only its owner reads it. */
const NEW_MODE = 0o600;
const PERMISSIONS = 0o777;
const ROOT = 0;

export class FileReplacement implements Disposable {
  /** The descriptor to which the content is written. The caller who takes it over closes it. */
  readonly fd: number;
  readonly name: string;
  /** The file whose place is taken, links resolved. */
  readonly location: string;
  /** The directory, by a path that stays right whatever happens to the directory's own path. */
  readonly #directory: number;
  readonly #temporary: string;
  readonly #target: string;
  #committed = false;

  /**
   * The file has the permissions of the one that it replaces; made by root, it belongs to the owner of that one, or of the
   * directory.
   *
   * @param directory an open descriptor, which is taken over when this does not throw
   * @param target whose last component names the file
   * @param name of the file, for messages
   * @throws RingcapError OUTPUT
   */
  constructor(directory: number, target: string, name: string, replaced: Stats | undefined) {
    this.name = name;
    this.location = target;
    this.#directory = directory;
    this.#target = this.#pathOf(basename(target));
    this.#temporary = this.#pathOf(`.ringcap-${randomBytes(12).toString("hex")}`);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    this.fd = this.#attempt(() => openSync(this.#temporary, flags, NEW_MODE));
    try {
      const owner = replaced ?? fstatSync(directory);
      if (process.geteuid?.() === ROOT) fchownSync(this.fd, owner.uid, owner.gid);
      if (replaced !== undefined) fchmodSync(this.fd, replaced.mode & PERMISSIONS);
    } catch (error) {
      closeSync(this.fd);
      rmSync(this.#temporary, { force: true });
      throw outputError(name, error);
    }
  }

  /** Puts the file in its place. Its descriptor has been closed. @throws RingcapError OUTPUT */
  commit(): void {
    this.#attempt(() => renameSync(this.#temporary, this.#target));
    this.#committed = true;
  }

  /** Removes the file, unless it is in its place. */
  close(): void {
    if (!this.#committed) rmSync(this.#temporary, { force: true });
    closeSync(this.#directory);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #pathOf(name: string): string {
    return `/proc/self/fd/${this.#directory}/${name}`;
  }

  #attempt<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw outputError(this.name, error);
    }
  }
}
