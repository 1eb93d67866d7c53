/**
 * The keys with most packets, in a table that does not grow. It is Space-Saving (Metwally, Agrawal, El Abbadi, 2005) with a filter
 * (Homem, Carvalho, "Finding top-k elements in data streams", 2010) and the amortised eviction of Anderson and others ("A
 * high-performance algorithm for identifying frequent items in data streams", 2017): where the table is full, the lighter half of
 * its keys goes. The packets of keys that are not in the table are counted in cells, which several keys share. A key comes in
 * when its cell has more packets than the keys that went, and is counted as if it had had all packets of its cell, so that no
 * key is ever counted too low.
 */
import { isSameAddress } from "../analysis/flow-runs.ts";
import type { Estimate } from "../values.ts";
import { HyperLogLog } from "./hyper-log-log.ts";

/** Three slots for each key, so that most searches for a key that is not there end at the first one. */
const SLOTS = 8192;
const MOST_KEYS = 2560;
/** Slots that are looked at for a key. Hostile keys with equal hashes cost no more than that. */
const MOST_PROBES = 64;
/** Counts that tell how heavy the lighter half is. */
const SAMPLE = 255;

/** Words of a slot: an address, and a port or 0. */
const WORDS = 5;
/** Numbers of a slot. */
const PACKETS = 0;
const BYTES = 1;
const ERROR = 2;
const NUMBERS = 3;

/** Bits of the number of cells. They are the upper ones of a hash, of which the lower ones choose the slot. */
const CELL_BITS = 14;
const NO_SLOT = -1;

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
  /** Of the keys in the table; 0 where a slot is free. */
  #hashes = new Uint32Array(SLOTS);
  #words = new Uint32Array(SLOTS * WORDS);
  #numbers = new Float64Array(SLOTS * NUMBERS);
  /** As large, for the next eviction. */
  #otherHashes = new Uint32Array(SLOTS);
  #otherWords = new Uint32Array(SLOTS * WORDS);
  #otherNumbers = new Float64Array(SLOTS * NUMBERS);
  #size = 0;
  /** Packets that any key of a cell may have had without being in the table. */
  readonly #cells = new Uint32Array(2 ** CELL_BITS);
  /** A key with more packets than these comes in. */
  #missed = 0;
  #isWhole = true;
  readonly #distinct = new HyperLogLog(HLL_BITS);
  /** Packets of all keys. */
  packets = 0;

  /**
   * @param at place of the first of the address's four words
   * @param hash of the address and the port, well mixed
   * @param packets of the key that are counted, with their bytes
   */
  add(words: Uint32Array, at: number, port: number, hash: number, packets: number, bytes: number): void {
    this.packets += packets;
    const slot = this.#find(words, at, port, hash === 0 ? 1 : hash, packets);
    if (slot === NO_SLOT) return;
    const number = slot * NUMBERS;
    const numbers = this.#numbers;
    numbers[number + PACKETS] = (numbers[number + PACKETS] ?? 0) + packets;
    numbers[number + BYTES] = (numbers[number + BYTES] ?? 0) + bytes;
  }

  /** The slot of a key, which gets one where it has none and is heavy enough. */
  #find(words: Uint32Array, at: number, port: number, hash: number, packets: number): number {
    const hashes = this.#hashes;
    let slot = hash & (SLOTS - 1);
    for (let probes = 1; ; probes++) {
      const found = hashes[slot];
      if (found === 0) return this.#insert(slot, words, at, port, hash, packets);
      if (found === hash && this.#isAt(slot, words, at, port)) return slot;
      if (probes === MOST_PROBES) return this.#replace(slot, words, at, port, hash);
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  #isAt(slot: number, words: Uint32Array, at: number, port: number): boolean {
    return this.#words[slot * WORDS + 4] === port && isSameAddress(this.#words, slot * WORDS, words, at);
  }

  #insert(free: number, words: Uint32Array, at: number, port: number, hash: number, packets: number): number {
    this.#distinct.add(hash);
    if (!this.#isWhole && this.#isLight(hash, packets)) return NO_SLOT;
    let slot = free;
    if (this.#size >= MOST_KEYS) {
      this.#evict();
      if (this.#isLight(hash, packets)) return NO_SLOT;
      slot = this.#freeSlot(hash);
    }
    this.#size++;
    this.#write(slot, words, at, port, hash);
    return slot;
  }

  /** Whether the packets are counted in the cell of their key, because it has no more than the keys that went. */
  #isLight(hash: number, packets: number): boolean {
    const cell = hash >>> (32 - CELL_BITS);
    const sum = (this.#cells[cell] ?? 0) + packets;
    if (sum > this.#missed) return false;
    this.#cells[cell] = sum;
    return true;
  }

  #freeSlot(hash: number): number {
    let slot = hash & (SLOTS - 1);
    while (this.#hashes[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    return slot;
  }

  /** Takes the slot of another key. */
  #replace(slot: number, words: Uint32Array, at: number, port: number, hash: number): number {
    this.#distinct.add(hash);
    this.#isWhole = false;
    this.#letGo(this.#hashes[slot] ?? 0, this.#numbers[slot * NUMBERS + PACKETS] ?? 0);
    this.#write(slot, words, at, port, hash);
    return slot;
  }

  #letGo(hash: number, packets: number): void {
    const cell = hash >>> (32 - CELL_BITS);
    if (packets > (this.#cells[cell] ?? 0)) this.#cells[cell] = packets;
  }

  #write(slot: number, words: Uint32Array, at: number, port: number, hash: number): void {
    this.#hashes[slot] = hash;
    const key = slot * WORDS;
    const keys = this.#words;
    for (let word = 0; word < 4; word++) keys[key + word] = words[at + word] ?? 0;
    keys[key + 4] = port;
    const before = this.#cells[hash >>> (32 - CELL_BITS)] ?? 0;
    const number = slot * NUMBERS;
    this.#numbers[number + PACKETS] = before;
    this.#numbers[number + BYTES] = 0;
    this.#numbers[number + ERROR] = before;
  }

  /** Lets the lighter half of the keys go. */
  #evict(): void {
    const [hashes, keys, numbers] = [this.#hashes, this.#words, this.#numbers];
    this.#missed = Math.max(this.#missed, this.#middle());
    this.#isWhole = false;
    this.#hashes = this.#otherHashes.fill(0);
    this.#words = this.#otherWords;
    this.#numbers = this.#otherNumbers;
    this.#otherHashes = hashes;
    this.#otherWords = keys;
    this.#otherNumbers = numbers;
    this.#size = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      const hash = hashes[slot] ?? 0;
      if (hash === 0) continue;
      const packets = numbers[slot * NUMBERS + PACKETS] ?? 0;
      if (packets <= this.#missed) {
        this.#letGo(hash, packets);
        continue;
      }
      const to = this.#freeSlot(hash);
      this.#hashes[to] = hash;
      for (let word = 0; word < WORDS; word++) this.#words[to * WORDS + word] = keys[slot * WORDS + word] ?? 0;
      for (let at = 0; at < NUMBERS; at++) this.#numbers[to * NUMBERS + at] = numbers[slot * NUMBERS + at] ?? 0;
      this.#size++;
    }
  }

  /** As many packets as half of the keys have at most, told from some of them. */
  #middle(): number {
    const counts: number[] = [];
    for (let slot = 0; slot < SLOTS && counts.length < SAMPLE; slot += 7) {
      if (this.#hashes[slot] !== 0) counts.push(this.#numbers[slot * NUMBERS] ?? 0);
    }
    counts.sort((a, b) => a - b);
    return counts[counts.length >> 1] ?? 0;
  }

  /** The keys with most packets, those with as many in the order of their words. */
  heaviest(most: number): HeavyKey[] {
    const slots: number[] = [];
    for (let slot = 0; slot < SLOTS; slot++) if (this.#hashes[slot] !== 0) slots.push(slot);
    const packetsOf = (slot: number) => this.#numbers[slot * NUMBERS] ?? 0;
    slots.sort((a, b) => packetsOf(b) - packetsOf(a) || this.#compare(a * WORDS, b * WORDS));
    return slots.slice(0, most).map((slot) => ({
      words: this.#words.slice(slot * WORDS, slot * WORDS + 4),
      port: this.#words[slot * WORDS + 4] ?? 0,
      packets: packetsOf(slot),
      bytes: this.#numbers[slot * NUMBERS + BYTES] ?? 0,
      error: this.#numbers[slot * NUMBERS + ERROR] ?? 0,
    }));
  }

  #compare(a: number, b: number): number {
    for (let word = 0; word < WORDS; word++) {
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
