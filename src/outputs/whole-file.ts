/**
 * A file that is written whole or not at all: it is called NAME.partial until then, and takes the place of a file that
 * has its name. Pipes and devices are written to as they are.
 */
import { closeSync, fsync, statSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { RingcapError, usageError } from "../errors.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileOwner } from "../pipeline/sink.ts";
import { openByteOutput } from "./byte-output.ts";
import { refuseUnwritable } from "./output-directory.ts";
import { openOutputPath, refuseForeignFile, resolveOutputPath, trustedUsers } from "./output-path.ts";
import { PartialFile } from "./partial-file.ts";
import { writeAll } from "./write-all.ts";

const fsyncLater = promisify(fsync);

export class WholeFile {
  /** As the user named it. */
  readonly name: string;
  readonly #partial: PartialFile | undefined;
  /** The descriptor of a pipe or a device. */
  readonly #open: number | undefined;

  /**
   * Opens the file, readable and writable for its owner alone. What has its name stays until write().
   *
   * @throws RingcapError OUTPUT where it cannot be written; USAGE for a directory
   */
  constructor(name: string) {
    this.name = name;
    const trusted = trustedUsers();
    const path = resolveOutputPath(name, trusted);
    const there = statusOf(path, name);
    if (there?.isDirectory() || name.endsWith("/")) {
      throw usageError("output", `${name} is a directory`, "name a file in it: -o report.html");
    }
    if (there !== undefined && !there.isFile()) {
      this.#open = openOutputPath(name).fd;
      return;
    }
    if (there !== undefined) refuseForeignFile(name, there, trusted);
    this.#partial = PartialFile.create(path, true);
  }

  /** The user and group that own the directory of the file; undefined for pipes and devices. */
  get directory(): FileOwner | undefined {
    if (this.#partial === undefined) return undefined;
    const { uid: user, gid: group } = statSync(dirname(this.#partial.path));
    return { user, group };
  }

  /** Gives the file to another user. @throws RingcapError OUTPUT where that user cannot write to the directory */
  giveTo(owner: FileOwner | undefined): void {
    if (owner === undefined || this.#partial === undefined) return;
    refuseUnwritable(this.#partial.path, owner);
    this.#partial.giveTo(owner);
  }

  /** Writes all of it, puts it on the disk, and gives it its name. @throws RingcapError OUTPUT; what had the name stays in that case */
  async write(bytes: Uint8Array): Promise<void> {
    const partial = this.#partial;
    if (partial === undefined) return this.#writeToOpen(bytes);
    try {
      writeAll(partial.fd, bytes, () => {});
      await fsyncLater(partial.fd);
    } catch (error) {
      this.discard();
      throw error instanceof RingcapError ? error : outputError(this.name, error);
    }
    await partial.finish({ finish: async () => {}, release: () => closeSync(partial.fd) });
    if (partial.currentPath !== partial.path) throw this.#movedError();
  }

  async #writeToOpen(bytes: Uint8Array): Promise<void> {
    const output = openByteOutput(this.#open ?? -1, this.name);
    try {
      await output.write(bytes);
    } finally {
      await output.close();
    }
  }

  #movedError(): RingcapError {
    const operation = `write ${this.name}`;
    return new RingcapError(`${operation}: another program moved or removed it`, { code: "OUTPUT", operation });
  }

  /** Removes what was made, and leaves what had the name. */
  discard(): void {
    this.#partial?.discard();
    if (this.#open !== undefined) closeSync(this.#open);
  }
}

function statusOf(path: string, name: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw outputError(name, error);
  }
}
