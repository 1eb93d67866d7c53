/** A map that forgets what was used longest ago where it has as much as it may have. */
export class BoundedMap<Key, Value> {
  readonly #most: number;
  readonly #entries = new Map<Key, Value>();
  /** How many were forgotten. */
  forgotten = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Looks a value up, which counts as no use. */
  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  /** Uses the value of the key, which is made where there is none. */
  use(key: Key, make: () => Value): Value {
    const value = this.#entries.get(key) ?? make();
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#most) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
      this.forgotten++;
    }
    return value;
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  entries(): Iterable<[Key, Value]> {
    return this.#entries.entries();
  }
}
