/** What lines remember of earlier packets, within bounds. */

const MOST_CONNECTIONS = 65_536;
const MOST_CALLS = 4096;
const MOST_INITIATORS = 4096;

/** Where a connection of TCP began: of the side whose address and port sort first, and of the other. */
export interface Beginning {
  readonly first: number;
  readonly second: number;
}

/** When it is full, a new entry takes the place of the one that was made longest ago. */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key);
    if (this.#entries.size === this.#most) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, value);
  }
}

export class LineMemory {
  /** If a connection was forgotten, its next segment counts as its beginning. */
  readonly connections = new BoundedMap<Beginning>(MOST_CONNECTIONS);
  /** Of Rx: which operation a call asked for, so that its answer can be named. */
  readonly calls = new BoundedMap<number>(MOST_CALLS);
  /** Of ISAKMP: the address of who sent the first message with this cookie. */
  readonly initiators = new BoundedMap<string>(MOST_INITIATORS);
}
