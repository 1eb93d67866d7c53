/** Remembers earlier packets for later lines, within bounds. */

const MOST_CONNECTIONS = 65_536;
const MOST_CALLS = 4096;
const MOST_INITIATORS = 4096;

/**
 * The first sequence numbers of a TCP connection: of the side whose address and port sort first, and of the other side.
 */
export interface Beginning {
  readonly first: number;
  readonly second: number;
}

/** A map of limited size. When it is full, a new entry takes the place of the oldest one. */
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
  /** The beginnings of connections. If a connection was forgotten, its next segment counts as its beginning. */
  readonly connections = new BoundedMap<Beginning>(MOST_CONNECTIONS);
  /** The operations that calls of Rx asked for, so that the answers can be named. */
  readonly calls = new BoundedMap<number>(MOST_CALLS);
  /** The address that sent the first message of ISAKMP with a cookie. */
  readonly initiators = new BoundedMap<string>(MOST_INITIATORS);
}
