/** Which incidents of a directory are to be uploaded yet, for the next watch with that directory: a file with a name on each line. */
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isPlainName } from "./evidence-list.ts";

const NAME = "unsent-incidents";
const PRIVATE = 0o600;
/** The most bytes that are read. */
const MOST_BYTES = 1 << 16;

export class UnsentIncidents {
  readonly #directory: string;

  /** @param directory in which the directories of the incidents are */
  constructor(directory: string) {
    this.#directory = directory;
  }

  get #path(): string {
    return join(this.#directory, NAME);
  }

  /** Returns the directories of the incidents; none where the file is not there or cannot be read. */
  read(): string[] {
    try {
      const status = lstatSync(this.#path);
      if (!status.isFile() || status.size > MOST_BYTES) return [];
      const names = readFileSync(this.#path, "utf8").split("\n").filter(isPlainName);
      return [...new Set(names)].map((name) => join(this.#directory, name));
    } catch {
      return [];
    }
  }

  /** Replaces the file at one stroke, and removes it where nothing is left. @throws what the file system answers */
  write(directories: readonly string[]): void {
    if (directories.length === 0) {
      rmSync(this.#path, { force: true });
      return;
    }
    const partial = `${this.#path}.partial`;
    rmSync(partial, { force: true });
    const names = directories.map((directory) => `${basename(directory)}\n`);
    writeFileSync(partial, names.join(""), { mode: PRIVATE, flag: "wx" });
    renameSync(partial, this.#path);
  }
}
