/**
 * HyperLogLog: the number of different keys in memory that does not grow (Flajolet, Fusy, Gandouet, Meunier, 2007; with the
 * estimator of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, which needs no table for small numbers).
 */
import type { Estimate } from "../values.ts";

/** The standard error for m registers is this, divided by the root of m. */
const ERROR = 1.04;

export class HyperLogLog {
  readonly #registers: Uint8Array;
  readonly #bits: number;
  /** The sum over all registers of the chance that a key of theirs changes them. */
  #chances: number;

  /** @param bits of the number of registers, 4 to 16 */
  constructor(bits: number) {
    this.#bits = bits;
    this.#registers = new Uint8Array(2 ** bits);
    this.#chances = 2 ** bits;
  }

  /**
   * Adds a key.
   *
   * @param hash 32 bits, well mixed
   * @returns by how many keys the number grows: 0, or the inverse of the chance that a new key would have changed anything.
   *   On average it is 1 for each new key (Ting, "Streamed approximate counting of distinct elements", 2014).
   */
  add(hash: number): number {
    const place = hash >>> (32 - this.#bits);
    const rank = Math.clz32((hash << this.#bits) | (1 << (this.#bits - 1))) + 1;
    const before = this.#registers[place] ?? 0;
    if (rank <= before) return 0;
    const grows = this.#registers.length / this.#chances;
    this.#chances += 2 ** -rank - 2 ** -before;
    this.#registers[place] = rank;
    return grows;
  }

  /** Takes the keys of another one with as many registers. */
  merge(other: HyperLogLog): void {
    for (const [place, rank] of other.#registers.entries()) {
      const before = this.#registers[place] ?? 0;
      if (rank <= before) continue;
      this.#chances += 2 ** -rank - 2 ** -before;
      this.#registers[place] = rank;
    }
  }

  /**
   * The number of different keys. Keys with equal hashes count as one, which of 50 million keys are 0.6 %, and of IPv4 addresses
   * none.
   */
  estimate(): number {
    const m = this.#registers.length;
    const q = 32 - this.#bits;
    const counts = new Float64Array(q + 2);
    for (const rank of this.#registers) counts[rank] = (counts[rank] ?? 0) + 1;
    let sum = m * tau(1 - (counts[q + 1] ?? 0) / m);
    for (let rank = q; rank >= 1; rank--) sum = 0.5 * (sum + (counts[rank] ?? 0));
    sum += m * sigma((counts[0] ?? 0) / m);
    return (m * m) / (2 * Math.LN2 * sum);
  }

  get error(): number {
    return ERROR / Math.sqrt(this.#registers.length);
  }

  toEstimate(): Estimate {
    return { value: Math.round(this.estimate()), error: this.error };
  }
}

function sigma(start: number): number {
  if (start === 1) return Number.POSITIVE_INFINITY;
  let x = start;
  let y = 1;
  let z = x;
  for (let before = -1; z !== before; y += y) {
    x *= x;
    before = z;
    z += x * y;
  }
  return z;
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let x = start;
  let y = 1;
  let z = 1 - x;
  for (let before = -1; z !== before; ) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
