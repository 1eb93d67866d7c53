/**
 * The files of a rotated capture. The next file is open before the one before it is ended, and the ending goes on
 * beside the capture.
 */
import { statSync } from "node:fs";
import { RingcapError } from "../errors.ts";
import type { CaptureCounters } from "../packets/captured.ts";
import { outputError } from "../pcap-writer/index.ts";
import type { FileOwner, RotationCounts } from "../pipeline/sink.ts";
import { Budget, type BudgetLimits, type OpenFiles } from "./budget.ts";
import { CaptureFile } from "./capture-file.ts";
import type { Compressor } from "./compression/compressor.ts";
import type { FileEncoder } from "./file-format.ts";
import type { FileNames } from "./file-names.ts";
import { FinishedFiles } from "./finished-files.ts";
import { NewFiles } from "./new-files.ts";
import { openBody } from "./open-body.ts";
import { whereTold } from "./opened-sink.ts";
import type { PartialFile } from "./partial-file.ts";
import { RotatedFile } from "./rotated-file.ts";

export interface SeriesOptions extends BudgetLimits {
  readonly names: FileNames;
  readonly compressor?: Compressor | undefined;
  readonly onFile?: string | undefined;
  readonly onNote: (note: string) => void;
  readonly onWarning: (warning: string) => void;
}

/** The most files that are being ended at the same time. A capture that rotates faster waits. */
const MOST_FINISHING = 4;
/** The most names that are kept for the report. */
const MOST_NAMES = 10_000;

export class FileSeries {
  readonly #options: SeriesOptions;
  readonly #finished: FinishedFiles;
  readonly #budget: Budget;
  readonly #newFiles: NewFiles;
  readonly #finishing = new Map<RotatedFile, Promise<void>>();
  readonly #names: string[] = [];
  #start: (() => FileEncoder) | undefined;
  #counters: () => CaptureCounters | undefined = () => undefined;
  #first: PartialFile | undefined;
  #current: RotatedFile | undefined;
  #enforcing = Promise.resolve();
  #written = { files: 0, packets: 0, bytes: 0 };
  /** The first failure of work that goes on beside the capture, such as ending a file. */
  failure: RingcapError | undefined;

  constructor(options: SeriesOptions) {
    this.#options = options;
    this.#finished = new FinishedFiles(options.onFile, options.onWarning);
    this.#budget = new Budget(options.names, options, (path) => this.#finished.isBusyWith(path), options.onWarning);
    this.#newFiles = new NewFiles(options.names, options.onNote, (path) => this.#isOwn(path));
  }

  get packets(): number {
    return this.#sum("packets");
  }

  get bytes(): number {
    return this.#sum("bytes");
  }

  /** The names of the last files, with the directory as the user gave it. */
  get files(): readonly string[] {
    return this.#names;
  }

  get counts(): RotationCounts {
    const { files } = this.#written;
    return { written: files, removed: this.#budget.removed, onFileFailed: this.#finished.failed };
  }

  /** Makes the next write put the file on the disk. */
  flush(): void {
    this.#current?.flush();
  }

  get current(): RotatedFile {
    if (this.#current === undefined) throw new Error("a series is written to before it has begun");
    return this.#current;
  }

  /** The user and group that own the directory. */
  get owner(): FileOwner {
    const { uid, gid } = statSync(this.#options.names.directory);
    return { user: uid, group: gid };
  }

  /** Creates the first file. @param second seconds since the epoch at which it begins @throws RingcapError OUTPUT or USAGE */
  prepare(second: number): PartialFile {
    this.#budget.refuseImpossible();
    this.#first = this.#newFiles.first(second);
    return this.#first;
  }

  begin(start: () => FileEncoder, counters: () => CaptureCounters): void {
    this.#start = start;
    this.#counters = whereTold(counters);
    if (this.#first === undefined) throw new Error("a series begins before it is prepared");
    this.#current = this.#begin(this.#first);
    this.#first = undefined;
  }

  /**
   * Begins another file. The file before it is ended beside the capture.
   *
   * @param second seconds since the epoch at which the file begins
   * @throws RingcapError OUTPUT; the current file stays open in that case
   */
  next(second: number): void | Promise<void> {
    const last = this.current;
    this.#current = this.#begin(this.#newFiles.next(second));
    this.#retire(last);
    const [oldest] = this.#finishing.values();
    if (this.#finishing.size > MOST_FINISHING) return oldest;
  }

  /**
   * Whether this series made a file of that path. It knows the last ten thousand files, of which some may have been
   * removed.
   */
  #isOwn(path: string): boolean {
    return this.#names.includes(path) || this.#open().some((file) => file.finalPath === path);
  }

  #begin(partial: PartialFile): RotatedFile {
    if (this.#start === undefined) throw new Error("a series begins before it is prepared");
    try {
      const encoder = this.#start();
      const body = openBody(partial.fd, partial.path, encoder, this.#options.compressor);
      return new RotatedFile(partial, new CaptureFile(body, encoder, this.#counters), encoder);
    } catch (error) {
      partial.discard();
      throw error;
    }
  }

  #retire(file: RotatedFile): void {
    const [before = Promise.resolve()] = [...this.#finishing.values()].reverse();
    this.#finishing.set(file, this.#end(file, before));
  }

  /**
   * Ends a file.
   *
   * @param before is resolved when the file before has ended, because the oldest file must be the first that the budget
   *   removes. The returned promise never rejects.
   */
  async #end(file: RotatedFile, before: Promise<void>): Promise<void> {
    try {
      await file.finish();
    } catch (error) {
      this.#fail(error);
    }
    await before;
    // No limit removes the last file of a capture.
    if (this.#current === undefined && this.#finishing.size === 1) {
      this.#budget.end();
      await this.#enforcing;
    }
    this.#finishing.delete(file);
    this.#written.packets += file.packets;
    this.#written.bytes += file.bytes;
    if (!file.isFinished && file.packets === 0) return;
    this.#written.files++;
    this.#names.push(file.path);
    if (this.#names.length > MOST_NAMES) this.#names.shift();
    const { partialPath, movedTo } = file;
    if (movedTo !== undefined) this.#options.onWarning(`${partialPath} was moved: its packets are in ${movedTo}`);
    if (!file.isFinished) return;
    this.#budget.noteFinished(file.path, file.bytes);
    this.#finished.add(file.path);
    await this.#keepBudget();
  }

  #fail(error: unknown): void {
    this.failure ??= error instanceof RingcapError ? error : outputError(this.#options.names.directory, error);
  }

  /** Whether the limits ask for the removal of finished files before so many further bytes are written. */
  isOverBudget(bytes = 0): boolean {
    return this.#budget.isLimited && this.#budget.isExceeded(this.#openFiles(), bytes);
  }

  #openFiles(): OpenFiles {
    const paths = new Set(this.#open().map(({ finalPath }) => finalPath));
    return { paths, bytes: this.#open().reduce((sum, file) => sum + file.bytesExpected, 0) };
  }

  #open(): RotatedFile[] {
    return [...this.#finishing.keys(), ...(this.#current === undefined ? [] : [this.#current])];
  }

  /** Removes finished files until the limits hold with so many further bytes. The promise never rejects. */
  #keepBudget(bytes = 0): Promise<void> {
    const enforce = () => this.#budget.enforce(() => this.#openFiles(), bytes).catch((error) => this.#fail(error));
    this.#enforcing = this.#enforcing.then(enforce);
    return this.#enforcing;
  }

  /**
   * Removes finished files until the limits hold with so many further bytes, and waits for files that are being ended where
   * too few are finished. The promise never rejects: `failure` says where too little space is free even then.
   */
  async makeRoom(bytes = 0): Promise<void> {
    while (this.isOverBudget(bytes)) {
      await this.#keepBudget(bytes);
      if (!this.isOverBudget(bytes)) return;
      const [oldest] = this.#finishing.values();
      if (oldest === undefined) {
        const noSpace = this.#budget.lackOfSpace(bytes);
        if (noSpace !== undefined) this.#fail(noSpace);
        this.#budget.postpone();
        return;
      }
      await oldest;
    }
  }

  /** Ends the last file, and waits for all other files and for the programs of --on-file. The promise never rejects. */
  async close(): Promise<void> {
    const last = this.#current;
    this.#current = undefined;
    if (last !== undefined) this.#retire(last);
    while (this.#finishing.size > 0) await Promise.all(this.#finishing.values());
    await this.#enforcing;
    await this.#finished.whenIdle();
  }

  /** Stops waiting for programs of --on-file. */
  abandon(): void {
    this.#finished.abandon();
  }

  /** Removes the first file, if it was prepared and not begun. */
  discard(): void {
    this.#first?.discard();
    this.#first = undefined;
  }

  #sum(what: "packets" | "bytes"): number {
    return this.#open().reduce((sum, file) => sum + file[what], this.#written[what]);
  }
}
