/** The file in which usual rates survive a restart. It is written as a whole, and taken for hostile when it is read. */
import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { errnoOf, reasonWithoutPath } from "../../errors.ts";
import { readSmallFile } from "../../host/small-file.ts";
import { type BaselineState, stateOf, stateText } from "./baseline-state.ts";

/** Bytes. What stateText() returns has less than a tenth of it. */
const SIZE_MAX = 256 << 10;
/** Seconds between two writes. */
const INTERVAL = 600;
const OWNER_ONLY = 0o600;
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

export class BaselineFile {
  readonly #path: string;
  readonly #onNote: (note: string) => void;
  /** The failure that was told last. A disk that stays full is told once. */
  #told: string | undefined;
  #savedAt: number | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(path: string, onNote: (note: string) => void) {
    this.#path = path;
    this.#onNote = onNote;
  }

  /** Returns undefined where there is no file, or none that can be taken; a note says why. It never fails. */
  read(): BaselineState | undefined {
    let state: BaselineState | string;
    try {
      state = stateOf(readSmallFile(this.#path, SIZE_MAX, { owned: true }), Date.now() / 1000);
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return undefined;
      state = reasonWithoutPath(error);
    }
    if (typeof state !== "string") return state;
    this.#onNote(`${this.#path}: ${state}: the usual rates are learnt anew`);
    return undefined;
  }

  /**
   * Saves the state where the last time was ten minutes ago. It never fails: a note says what went wrong.
   *
   * @param elapsed seconds of a clock that never steps
   */
  saveWhenDue(elapsed: number, state: () => BaselineState): void {
    this.#savedAt ??= elapsed;
    if (elapsed - this.#savedAt < INTERVAL) return;
    this.#savedAt = elapsed;
    void this.save(state());
  }

  /** Saves the state, behind any saving that goes on, as at the end of a watch. It never fails. */
  save(state: BaselineState): Promise<void> {
    this.#saving = this.#saving.then(() => this.#write(state));
    return this.#saving;
  }

  async #write(state: BaselineState): Promise<void> {
    const partial = `${this.#path}.partial`;
    try {
      // What an earlier process left behind when it was killed.
      await rm(partial, { force: true });
      const file = await open(partial, CREATE, OWNER_ONLY);
      try {
        await file.writeFile(stateText(state, Math.floor(Date.now() / 1000)));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, this.#path);
      this.#told = undefined;
    } catch (error) {
      await rm(partial, { force: true }).catch(() => {});
      const reason = reasonWithoutPath(error);
      if (reason !== this.#told) this.#onNote(`${this.#path}: ${reason}: the usual rates are not saved`);
      this.#told = reason;
    }
  }
}
