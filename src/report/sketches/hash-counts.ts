/**
 * How often each value came, for its entropy: exact up to 4096 different values. Beyond that the values are counted in 16,384
 * groups by their hash, whose entropy is at most 14 bits, and lower than that of the values. So are values whose forged hashes all say the same place.
 */
import type { Entropy } from "../spoofing/spoofing-report.ts";

const SLOTS = 8192;
const MOST_VALUES = SLOTS / 2;
const GROUP_BITS = 14;
/** Places that are looked at for a value. In a table that is half full, hashes that are not forged need far fewer. */
const MOST_PROBES = 512;

export class HashCounts {
  #hashes = new Uint32Array(SLOTS);
  #counts = new Uint32Array(SLOTS);
  #groups: Uint32Array | undefined;
  /** Different values, as long as they are exact. */
  size = 0;

  /** @param hash 32 bits, well mixed, which stands for the value @returns whether the value came for the first time, as far as that is known */
  add(hash: number, times = 1): boolean {
    if (this.#groups !== undefined) {
      const group = hash >>> (32 - GROUP_BITS);
      this.#groups[group] = (this.#groups[group] ?? 0) + times;
      return false;
    }
    let slot = hash & (SLOTS - 1);
    let probes = 1;
    for (; this.#counts[slot] !== 0 && this.#hashes[slot] !== hash; probes++) slot = (slot + 1) & (SLOTS - 1);
    const count = this.#counts[slot] ?? 0;
    this.#counts[slot] = count + times;
    if (count > 0) return false;
    this.#hashes[slot] = hash;
    this.size++;
    if (this.size > MOST_VALUES || probes > MOST_PROBES) this.#group();
    return true;
  }

  get isExact(): boolean {
    return this.#groups === undefined;
  }

  merge(other: HashCounts): void {
    if (other.#groups !== undefined && this.#groups === undefined) this.#group();
    if (other.#groups === undefined) {
      for (const [slot, count] of other.#counts.entries()) if (count > 0) this.add(other.#hashes[slot] ?? 0, count);
      return;
    }
    const groups = this.#groups;
    for (const [group, count] of other.#groups.entries())
      if (groups !== undefined) groups[group] = (groups[group] ?? 0) + count;
  }

  #group(): void {
    const groups = new Uint32Array(2 ** GROUP_BITS);
    for (const [slot, count] of this.#counts.entries()) {
      const group = (this.#hashes[slot] ?? 0) >>> (32 - GROUP_BITS);
      groups[group] = (groups[group] ?? 0) + count;
    }
    this.#groups = groups;
    this.#hashes = new Uint32Array(0);
    this.#counts = new Uint32Array(0);
  }

  entropy(): Entropy {
    return entropyOf(this.#groups ?? this.#counts, this.#groups === undefined ? 32 : GROUP_BITS);
  }
}

/** Shannon entropy of what was counted. @param bits of a value, which are the most that it can have */
export function entropyOf(counts: Iterable<number>, bits: number): Entropy {
  let sum = 0;
  let weighted = 0;
  for (const count of counts) {
    if (count === 0) continue;
    sum += count;
    weighted += count * Math.log2(count);
  }
  if (sum === 0) return { bits: 0, mostBits: 0 };
  return { bits: Math.max(0, Math.log2(sum) - weighted / sum), mostBits: Math.min(bits, Math.log2(sum)) };
}
