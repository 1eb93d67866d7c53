/**
 * Work on the disk, one piece after the other. Node.js has four threads for such work, of which a disk that stands still has one
 * at most: the files of incidents have the others.
 */
export class Background {
  #last: Promise<void> = Promise.resolve();

  /** Does it behind all that came before. @param work never rejects */
  add(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    return this.#last;
  }

  /** Resolves when there is no work. */
  async settled(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.#last) {
      seen = this.#last;
      await seen;
    }
  }
}
