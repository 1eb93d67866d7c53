/** The ids of the last events, by which an event that comes again is recognised. */

/** The ids that are remembered at least. Twice as many are remembered at most. */
const REMEMBERED = 50_000;

export class KnownIds {
  readonly #most: number;
  #recent = new Set<string>();
  #older = new Set<string>();

  constructor(most = REMEMBERED) {
    this.#most = most;
  }

  /** Remembers the id. No host can take the ids of another one. @returns whether it was new */
  add(host: string, idOfHost: string): boolean {
    const id = JSON.stringify([host, idOfHost]);
    if (this.#recent.has(id) || this.#older.has(id)) return false;
    this.#recent.add(id);
    if (this.#recent.size < this.#most) return true;
    this.#older = this.#recent;
    this.#recent = new Set();
    return true;
  }
}
