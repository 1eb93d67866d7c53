/**
 * Removes finished files of a rotated capture, so that the limits on the number of files, on their bytes and on free
 * space are kept.
 */
import { constants, statfsSync } from "node:fs";
import { lstat, open, readdir, unlink } from "node:fs/promises";
import { RingcapError, reasonOf } from "../errors.ts";
import type { FileNames } from "./file-names.ts";

export interface BudgetLimits {
  /** The most files, the one that is being written included. */
  readonly keepFiles?: number | undefined;
  /** The most bytes of all files, those of the file that is being written included. */
  readonly keepSize?: number | undefined;
  /** Bytes of the file system that stay free. */
  readonly keepFree?: number | undefined;
}

/** The files that are being written, by the names that they will have, and the sum of their bytes. */
export interface OpenFiles {
  readonly paths: ReadonlySet<string>;
  readonly bytes: number;
}

interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  readonly changed: bigint;
}

/**
 * The first bytes in hexadecimal of the files that a capture writes: pcap of both precisions, pcapng, zstd. The first
 * bytes of gzip stand in `GZIP`.
 */
const MAGICS: ReadonlySet<string> = new Set(["d4c3b2a1", "4d3cb2a1", "0a0d0d0a", "28b52ffd"]);
const GZIP = "1f8b";
const MAGIC_LENGTH = 4;
const PRIVATE = 0o600;
const PERMISSIONS = 0o7777;

export class Budget {
  readonly #names: FileNames;
  readonly #limits: BudgetLimits;
  readonly #isBusy: (path: string) => boolean;
  readonly #warn: (text: string) => void;
  /** Bytes of the finished files that are known, by their paths. */
  #finished = new Map<string, number>();
  #finishedBytes = 0;
  /** The files that were finished while the directory was read. The reading may have missed them. */
  #notedMeanwhile = new Map<string, number>();
  #warned = false;
  /** The number of files that were removed. */
  removed = 0;

  constructor(names: FileNames, limits: BudgetLimits, isBusy: (path: string) => boolean, warn: (text: string) => void) {
    this.#names = names;
    this.#limits = limits;
    this.#isBusy = isBusy;
    this.#warn = warn;
  }

  get isLimited(): boolean {
    return Object.values(this.#limits).some((limit) => limit !== undefined);
  }

  noteFinished(path: string, bytes: number): void {
    if (!this.isLimited) return;
    this.#finished.set(path, bytes);
    this.#finishedBytes += bytes;
    this.#notedMeanwhile.set(path, bytes);
  }

  isExceeded(open: OpenFiles): boolean {
    const { keepFiles, keepSize } = this.#limits;
    if (keepFiles !== undefined && this.#finished.size + open.paths.size > keepFiles) return true;
    if (keepSize !== undefined && this.#finishedBytes + open.bytes > keepSize) return true;
    return this.#lacksSpace();
  }

  #lacksSpace(): boolean {
    const { keepFree } = this.#limits;
    if (keepFree === undefined) return false;
    try {
      const { bavail, bsize } = statfsSync(this.#names.directory);
      return bavail * bsize < keepFree;
    } catch {
      return false; // The next file reports a directory that is gone.
    }
  }

  /**
   * Removes the oldest finished files until the limits hold.
   *
   * @param open returns the files that are being written; it is called again after each removal
   * @throws RingcapError OUTPUT where less than keepFree is free and no finished file is left
   */
  async enforce(open: () => OpenFiles): Promise<void> {
    if (!this.isLimited) return;
    do await this.#removeOldest(open);
    while (this.#notedMeanwhile.size > 0 && this.isExceeded(open()));
    if (!this.#lacksSpace()) return;
    const operation = `write to ${this.#names.directory}`;
    throw new RingcapError(`${operation}: less than --keep-free is free, and no finished file is left to remove`, {
      code: "OUTPUT",
      operation,
      hint: "free some space, or keep less of it free",
    });
  }

  /**
   * Removes finished files that a reading of the directory shows. Files that are finished during the reading are found
   * by the next one.
   */
  async #removeOldest(open: () => OpenFiles): Promise<void> {
    this.#notedMeanwhile.clear();
    const everything = await this.#find();
    const found = everything.filter(({ path }) => !open().paths.has(path));
    this.#finished = new Map([...found.map(({ path, bytes }) => [path, bytes] as const), ...this.#notedMeanwhile]);
    this.#finishedBytes = [...this.#finished.values()].reduce((sum, bytes) => sum + bytes, 0);
    for (const { path } of found) {
      if (!this.isExceeded(open())) return;
      if (!this.#isBusy(path)) await this.#remove(path);
    }
  }

  async #remove(path: string): Promise<void> {
    try {
      await unlink(path);
      this.removed++;
      this.#finishedBytes -= this.#finished.get(path) ?? 0;
      this.#finished.delete(path);
    } catch (error) {
      if (!this.#warned) this.#warn(`remove ${path}: ${reasonOf(error)}`);
      this.#warned = true;
    }
  }

  /** The finished files of this capture and of earlier ones of the same command, the oldest first. */
  async #find(): Promise<FoundFile[]> {
    const found: FoundFile[] = [];
    for (const name of await readdir(this.#names.directory)) {
      if (!this.#names.isFinished(name)) continue;
      const file = await inspect(this.#names.pathOf(name));
      if (file !== undefined) found.push(file);
    }
    return found.sort((a, b) => {
      if (a.changed !== b.changed) return a.changed < b.changed ? -1 : 1;
      return a.path < b.path ? -1 : 1;
    });
  }
}

/**
 * Returns a file that a capture made. It is undefined for another user's file, for a file that others may read, for a
 * link, for a file with several names, and for a file that does not begin as a capture file does.
 */
async function inspect(path: string): Promise<FoundFile | undefined> {
  try {
    const stat = await lstat(path, { bigint: true });
    const isOwn = stat.isFile() && Number(stat.uid) === process.geteuid?.() && stat.nlink === 1n;
    if (!isOwn || (Number(stat.mode) & PERMISSIONS) !== PRIVATE || !(await isCapture(path))) return undefined;
    return { path, bytes: Number(stat.size), changed: stat.mtimeNs };
  } catch {
    return undefined;
  }
}

async function isCapture(path: string): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_LENGTH), 0, MAGIC_LENGTH, 0);
    const magic = buffer.toString("hex", 0, bytesRead);
    return MAGICS.has(magic) || magic.startsWith(GZIP);
  } finally {
    await file.close();
  }
}
