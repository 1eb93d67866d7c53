/**
 * A file of a table that is written while a capture goes on. All of it is done by threads of Node.js, so that a disk which
 * stands still holds nothing else up.
 */
import { constants } from "node:fs";
import { type FileHandle, link, lstat, open, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf, RingcapError } from "../../errors.ts";
import { claimFile } from "../../outputs/abandoned-file.ts";
import { isWithoutLinks, syncDirectory } from "../../outputs/partial-file.ts";
import { outputError } from "../../pcap-writer/index.ts";
import { makeTableDirectories } from "../table-directories.ts";

const CREATE = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const PRIVATE_FILE = 0o600;

export class LiveFile {
  readonly #directory: string;
  readonly #name: string;
  readonly #partial: string;
  readonly #handle: FileHandle;
  #isOpen = true;

  private constructor(directory: string, name: string, partial: string, handle: FileHandle) {
    this.#directory = directory;
    this.#name = name;
    this.#partial = partial;
    this.#handle = handle;
  }

  /**
   * Creates NAME.parquet.partial, or NAME-1.parquet.partial and so on where that is taken.
   *
   * @param base the directory of all tables @param within the directories in it, which are made
   * @throws RingcapError OUTPUT
   */
  static async create(base: string, within: string, name: string): Promise<LiveFile> {
    const directory = await makeTableDirectories(base, within);
    for (let number = 0; ; number++) {
      const path = pathOf(directory, name, number);
      const partial = `${path}.partial`;
      try {
        if (await isThere(path)) continue;
        const handle = await open(partial, CREATE, PRIVATE_FILE);
        const file = new LiveFile(directory, name, partial, handle);
        await file.#guard(async () => claimFile(handle.fd));
        return file;
      } catch (error) {
        if (errnoOf(error) !== "EEXIST") throw asOutputError(path, error);
      }
    }
  }

  /** @throws RingcapError OUTPUT; nothing is left of the file in that case */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#guard(async () => {
      for (let at = 0; at < bytes.length; ) at += (await this.#handle.write(bytes, at)).bytesWritten;
    });
  }

  /** Puts the file on the disk and gives it its name. @throws RingcapError OUTPUT; nothing is left of the file in that case */
  async finish(): Promise<void> {
    await this.#guard(async () => {
      await this.#handle.sync();
      await this.#takeName();
    });
    this.#isOpen = false;
    await this.#handle.close();
    await syncDirectory(this.#partial);
  }

  /** Another process may have made a file of the name meanwhile, which link() never replaces. */
  async #takeName(): Promise<void> {
    for (let number = 0; ; number++) {
      const path = pathOf(this.#directory, this.#name, number);
      try {
        await link(this.#partial, path);
        await unlink(this.#partial);
        return;
      } catch (error) {
        if (errnoOf(error) === "EEXIST") continue;
        if (!isWithoutLinks(error)) throw error;
        if (await isThere(path)) continue;
        await rename(this.#partial, path);
        return;
      }
    }
  }

  /** Removes what was written. It never rejects. */
  async discard(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await unlink(this.#partial).catch(() => {});
    await this.#handle.close().catch(() => {});
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.discard();
      throw asOutputError(this.#partial, error);
    }
  }
}

function pathOf(directory: string, name: string, number: number): string {
  return join(directory, `${number === 0 ? name : `${name}-${number}`}.parquet`);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}

function asOutputError(path: string, error: unknown): RingcapError {
  return error instanceof RingcapError ? error : outputError(path, error);
}
