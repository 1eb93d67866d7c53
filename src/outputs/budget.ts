/**
 * Removes finished files of a rotated capture, so that the limits on the number of files, on their bytes and on free
 * space are kept.
 */
import { statfsSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { RingcapError, reasonOf, usageError } from "../errors.ts";
import type { FileNames } from "./file-names.ts";
import { FinishedCaptures } from "./finished-captures.ts";

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

/** The time after which a removal is tried again that was not possible, such as of a file on which a program of --on-file works. */
const POSTPONED_MILLISECONDS = 100;

export class Budget {
  readonly #directory: string;
  readonly #captures: FinishedCaptures;
  readonly #limits: BudgetLimits;
  readonly #isBusy: (path: string) => boolean;
  readonly #warn: (text: string) => void;
  /** Bytes of the finished files that are known, by their paths. */
  #finished = new Map<string, number>();
  #finishedBytes = 0;
  /** The files that were finished while the directory was read. The reading may have missed them. */
  #notedMeanwhile = new Map<string, number>();
  /** Whether the directory was read. Until then the files that earlier captures left are not known. */
  #isRead = false;
  #warned = false;
  #isEnded = false;
  /** The time of performance.now() before which no removal is tried. */
  #notBefore = 0;
  /** The number of files that were removed. */
  removed = 0;

  constructor(names: FileNames, limits: BudgetLimits, isBusy: (path: string) => boolean, warn: (text: string) => void) {
    this.#directory = names.directory;
    this.#captures = new FinishedCaptures(names);
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
    this.#notBefore = 0;
  }

  /** Checks the limits. @throws RingcapError USAGE where `keepFree` is not less than the bytes of the whole file system */
  refuseImpossible(): void {
    const { keepFree } = this.#limits;
    const space = this.#space();
    if (keepFree === undefined || space === undefined || keepFree < space.all) return;
    throw usageError(
      "keepFree",
      `the file system of ${this.#directory} has ${space.all} bytes in all`,
      "keep less of it free",
    );
  }

  /** Whether the directory has to be read, or files have to be removed, before so many further bytes are written. */
  isExceeded(open: OpenFiles, bytes: number): boolean {
    const { keepFiles, keepSize } = this.#limits;
    if (performance.now() < this.#notBefore) return false;
    if (!this.#isRead) return true;
    if (keepFiles !== undefined && this.#finished.size + open.paths.size > keepFiles) return true;
    if (keepSize !== undefined && this.#finishedBytes + open.bytes + bytes > keepSize) return true;
    return this.lackOfSpace(bytes) !== undefined;
  }

  /** Returns the error of a capture that would leave less than `keepFree` when it writes so many bytes. Otherwise it is undefined. */
  lackOfSpace(bytes: number): RingcapError | undefined {
    const { keepFree } = this.#limits;
    const space = this.#space();
    if (keepFree === undefined || space === undefined || space.free - bytes >= keepFree) return undefined;
    const operation = `write to ${this.#directory}`;
    return new RingcapError(`${operation}: less than --keep-free is free, and no finished file can be removed`, {
      code: "OUTPUT",
      operation,
      hint: "free some space, or keep less of it free",
    });
  }

  /** Says that no file can be removed for some time. A file that is finished ends that time. */
  postpone(): void {
    this.#notBefore = performance.now() + POSTPONED_MILLISECONDS;
  }

  /** Says that no further removal begins. */
  end(): void {
    this.#isEnded = true;
  }

  /** Returns the bytes of the file system. It is undefined for a directory that is gone, which the next file reports. */
  #space(): { free: number; all: number } | undefined {
    if (this.#limits.keepFree === undefined) return undefined;
    try {
      const { bavail, blocks, bsize } = statfsSync(this.#directory);
      return { free: bavail * bsize, all: blocks * bsize };
    } catch {
      return undefined;
    }
  }

  /**
   * Removes the oldest finished files until the limits hold with so many further bytes, or no file is left that can be removed.
   *
   * @param open returns the files that are being written; it is called again after each removal
   */
  async enforce(open: () => OpenFiles, bytes: number): Promise<void> {
    if (!this.isLimited || this.#isEnded) return;
    do await this.#removeOldest(open, bytes);
    while (this.#notedMeanwhile.size > 0 && this.isExceeded(open(), bytes));
  }

  /**
   * Removes finished files that a reading of the directory shows. Files that are finished during the reading are found
   * by the next one.
   */
  async #removeOldest(open: () => OpenFiles, bytes: number): Promise<void> {
    this.#notedMeanwhile.clear();
    const everything = await this.#captures.find();
    const found = everything.filter(({ path }) => !open().paths.has(path));
    this.#finished = new Map([...found.map(({ path, bytes }) => [path, bytes] as const), ...this.#notedMeanwhile]);
    this.#finishedBytes = [...this.#finished.values()].reduce((sum, size) => sum + size, 0);
    this.#isRead = true;
    for (const { path } of found) {
      if (!this.isExceeded(open(), bytes)) return;
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
}
