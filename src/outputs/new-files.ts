/** Creates the files of a rotated capture, each under a name that no file has. */
import { readdirSync } from "node:fs";
import { outputError } from "../pcap-writer/index.ts";
import type { FileNames } from "./file-names.ts";
import { refuseForeignLinks, trustedUsers } from "./output-path.ts";
import { isThere, PartialFile } from "./partial-file.ts";

export class NewFiles {
  readonly #names: FileNames;
  readonly #onNote: (note: string) => void;
  /** Whether the capture made a file of that path. The file may have been removed. */
  readonly #isOwn: (path: string) => boolean;
  /** The users whose links are followed, also after the process became another user. */
  readonly #trusted = trustedUsers();
  #number = 0;
  /** The last name by the time, without a number, and the number of files that have it. */
  #last = { name: "", times: 0 };

  constructor(names: FileNames, onNote: (note: string) => void, isOwn: (path: string) => boolean) {
    this.#names = names;
    this.#onNote = onNote;
    this.#isOwn = isOwn;
  }

  /** Creates the first file. @param second seconds since the epoch at which it begins @throws RingcapError OUTPUT */
  first(second: number): PartialFile {
    const names = this.#names;
    this.#refuseLinks();
    const present = this.#list();
    for (const name of present.filter((name) => names.isPartial(name))) {
      this.#onNote(
        `${names.pathOf(name)} is of a capture that has not ended in order, or goes on: it is left as it is`,
      );
    }
    this.#number = names.isNumbered ? names.highestNumber(present) : 0;
    return this.next(second);
  }

  /** Creates another file. @param second seconds since the epoch at which it begins @throws RingcapError OUTPUT */
  next(second: number): PartialFile {
    this.#refuseLinks();
    if (!this.#names.isNumbered) return this.#nextByTime(second);
    this.#number++;
    return PartialFile.create(this.#pathOf(second, this.#number));
  }

  #nextByTime(second: number): PartialFile {
    const name = this.#names.nameOf(second, 1);
    for (let times = name === this.#last.name ? this.#last.times + 1 : 1; ; times++) {
      const path = this.#pathOf(second, times);
      if (this.#isOwn(path) || isThere(path)) continue;
      this.#last = { name, times };
      if (times > 1) this.#onNote(`there is a file of the name already: the next one is ${path}`);
      return PartialFile.create(path);
    }
  }

  #pathOf(second: number, number: number): string {
    return this.#names.pathOf(this.#names.nameOf(second, number));
  }

  #refuseLinks(): void {
    refuseForeignLinks(this.#names.directory, this.#trusted);
  }

  #list(): string[] {
    const { directory } = this.#names;
    try {
      return readdirSync(directory);
    } catch (error) {
      throw outputError(directory, error);
    }
  }
}
