/**
 * How far the first file of a spool has been sent. The mark is not put on the disk at once: after a loss of power it may be old, and
 * some events are offered to the server once more, which knows them by their ids.
 */
import { closeSync, constants, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type SpoolFile, spoolFileName } from "./spool-files.ts";

const NAME = "sent";
/** Bytes: a name and a number, with blanks behind them, so that a mark covers the one before. */
const LENGTH = 48;

export class SentMark {
  readonly #path: string;
  #fd: number | undefined;

  constructor(directory: string) {
    this.#path = join(directory, NAME);
  }

  /** The number of lines of a file that have been sent. */
  read(file: SpoolFile): number {
    try {
      const [name, count] = readFileSync(this.#path, "utf8").trim().split(" ");
      return name === spoolFileName(file) && /^\d+$/.test(count ?? "") ? Number(count) : 0;
    } catch {
      return 0;
    }
  }

  /** It never throws: where it cannot be written, events are offered once more. */
  write(file: SpoolFile, count: number): void {
    try {
      this.#fd ??= openSync(this.#path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
      writeSync(this.#fd, `${spoolFileName(file)} ${count}`.padEnd(LENGTH), 0);
    } catch {
      // See above.
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  remove(): void {
    this.close();
    rmSync(this.#path, { force: true });
  }
}
