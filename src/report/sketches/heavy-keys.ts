/**
 * The keys with most packets, in a table that does not grow. It is Space-Saving (Metwally, Agrawal, El Abbadi, 2005) with the
 * amortised eviction of Anderson and others ("A high-performance algorithm for identifying frequent items in data streams",
 * 2017): where the table is full, the lighter half of its keys goes. A key that comes later is counted as if it had had as many
 * packets as the heaviest one that went, so that no key is ever counted too low.
 */
import type { Estimate } from "../values.ts";
import { HyperLogLog } from "./hyper-log-log.ts";

/** Room for so many keys, of which 5/8 are used. */
const SLOTS = 4096;
const MOST_KEYS = (SLOTS * 5) / 8;
/** Slots that are looked at for a key. Hostile keys with equal hashes cost no more than that. */
const MOST_PROBES = 64;
/** Counts that tell how heavy the lighter half is. */
const SAMPLE = 255;

/** Words of a slot: the hash, an address, and a port or 0. */
const WORDS = 6;
/** Numbers of a slot. */
const PACKETS = 0;
const BYTES = 1;
const ERROR = 2;
const NUMBERS = 3;

const HLL_BITS = 14;

export interface HeavyKey {
  /** The four words of an address. */
  readonly words: Uint32Array;
  readonly port: number;
  /** At most so many, and at least so many less `error`. */
  readonly packets: number;
  /** Counted since the key is in the table. */
  readonly bytes: number;
  readonly error: number;
}

export class HeavyKeys {
  #words = new Uint32Array(SLOTS * WORDS);
  #numbers = new Float64Array(SLOTS * NUMBERS);
  /** As large, for the next eviction. */
  #otherWords = new Uint32Array(SLOTS * WORDS);
  #otherNumbers = new Float64Array(SLOTS * NUMBERS);
  #size = 0;
  /** Packets that a key which is not in the table may have had. */
  #missed = 0;
  #isWhole = true;
  readonly #distinct = new HyperLogLog(HLL_BITS);
  /** Packets of all keys. */
  packets = 0;

  /** @param at place of the first of the address's four words @param hash of the address and the port, well mixed */
  add(words: Uint32Array, at: number, port: number, hash: number, bytes: number): void {
    this.packets++;
    const slot = this.#find(words, at, port, hash) * NUMBERS;
    const numbers = this.#numbers;
    numbers[slot + PACKETS] = (numbers[slot + PACKETS] ?? 0) + 1;
    numbers[slot + BYTES] = (numbers[slot + BYTES] ?? 0) + bytes;
  }

  /** The slot of a key, which gets one where it has none. */
  #find(words: Uint32Array, at: number, port: number, hash: number): number {
    const keys = this.#words;
    let slot = hash & (SLOTS - 1);
    for (let probes = 1; ; probes++) {
      const key = slot * WORDS;
      if (this.#numbers[slot * NUMBERS] === 0) return this.#insert(slot, words, at, port, hash);
      if (
        keys[key] === hash &&
        keys[key + 4] === words[at + 3] &&
        keys[key + 5] === port &&
        keys[key + 3] === words[at + 2] &&
        keys[key + 1] === words[at] &&
        keys[key + 2] === words[at + 1]
      ) {
        return slot;
      }
      if (probes === MOST_PROBES) return this.#replace(slot, words, at, port, hash);
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  #insert(slot: number, words: Uint32Array, at: number, port: number, hash: number): number {
    this.#distinct.add(hash);
    if (this.#size < MOST_KEYS) {
      this.#size++;
      this.#write(slot, words, at, port, hash);
      return slot;
    }
    this.#evict();
    let free = hash & (SLOTS - 1);
    while (this.#numbers[free * NUMBERS] !== 0) free = (free + 1) & (SLOTS - 1);
    this.#size++;
    this.#write(free, words, at, port, hash);
    return free;
  }

  /** Takes the slot of another key, which had at most as many packets as it says. */
  #replace(slot: number, words: Uint32Array, at: number, port: number, hash: number): number {
    this.#distinct.add(hash);
    this.#isWhole = false;
    this.#missed = Math.max(this.#missed, this.#numbers[slot * NUMBERS + PACKETS] ?? 0);
    this.#write(slot, words, at, port, hash);
    return slot;
  }

  #write(slot: number, words: Uint32Array, at: number, port: number, hash: number): void {
    const key = slot * WORDS;
    const keys = this.#words;
    keys[key] = hash;
    keys[key + 1] = words[at] ?? 0;
    keys[key + 2] = words[at + 1] ?? 0;
    keys[key + 3] = words[at + 2] ?? 0;
    keys[key + 4] = words[at + 3] ?? 0;
    keys[key + 5] = port;
    const number = slot * NUMBERS;
    this.#numbers[number + PACKETS] = this.#missed;
    this.#numbers[number + BYTES] = 0;
    this.#numbers[number + ERROR] = this.#missed;
  }

  /** Lets the lighter half of the keys go. */
  #evict(): void {
    const [keys, numbers] = [this.#words, this.#numbers];
    const counts: number[] = [];
    for (let slot = 0; slot < SLOTS && counts.length < SAMPLE; slot += 7) {
      const packets = numbers[slot * NUMBERS] ?? 0;
      if (packets > 0) counts.push(packets);
    }
    counts.sort((a, b) => a - b);
    this.#missed = Math.max(this.#missed, counts[counts.length >> 1] ?? 0);
    this.#isWhole = false;
    this.#words = this.#otherWords;
    this.#numbers = this.#otherNumbers.fill(0);
    this.#otherWords = keys;
    this.#otherNumbers = numbers;
    this.#size = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      if ((numbers[slot * NUMBERS] ?? 0) <= this.#missed) continue;
      let to = (keys[slot * WORDS] ?? 0) & (SLOTS - 1);
      while (this.#numbers[to * NUMBERS] !== 0) to = (to + 1) & (SLOTS - 1);
      this.#words.set(keys.subarray(slot * WORDS, (slot + 1) * WORDS), to * WORDS);
      this.#numbers.set(numbers.subarray(slot * NUMBERS, (slot + 1) * NUMBERS), to * NUMBERS);
      this.#size++;
    }
  }

  /** The keys with most packets, those with as many in the order of their words. */
  heaviest(most: number): HeavyKey[] {
    const slots: number[] = [];
    for (let slot = 0; slot < SLOTS; slot++) if (this.#numbers[slot * NUMBERS] !== 0) slots.push(slot);
    const packetsOf = (slot: number) => this.#numbers[slot * NUMBERS] ?? 0;
    slots.sort((a, b) => packetsOf(b) - packetsOf(a) || this.#compare(a * WORDS + 1, b * WORDS + 1));
    return slots.slice(0, most).map((slot) => ({
      words: this.#words.slice(slot * WORDS + 1, slot * WORDS + 5),
      port: this.#words[slot * WORDS + 5] ?? 0,
      packets: packetsOf(slot),
      bytes: this.#numbers[slot * NUMBERS + BYTES] ?? 0,
      error: this.#numbers[slot * NUMBERS + ERROR] ?? 0,
    }));
  }

  #compare(a: number, b: number): number {
    for (let word = 0; word < WORDS - 1; word++) {
      const difference = (this.#words[a + word] ?? 0) - (this.#words[b + word] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** How many different keys there were. */
  distinct(): Estimate {
    return this.#isWhole ? { value: this.#size, error: 0 } : this.#distinct.toEstimate();
  }
}
