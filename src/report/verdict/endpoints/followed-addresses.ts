/**
 * Decides which addresses are followed, at most 128 at a time. As long as there is room it is every address. Then an address
 * must have had 16 packets lately, which a source that was made up for one packet never has.
 */
const FOLLOWED = 128;
const WORDS = 4;

/** Places of the index. It is a power of two, and sparse, so that a search is short. */
const PLACES = 1024;
const EMPTY = -1;

/** Counters of packets of addresses that are not followed, which several addresses may share. All are halved after as many packets. */
const WAITING = 65_536;
const MOST_WAITING = 0xffff;
const LEAST_WANTED = 16;
const MOST_WANTED = 512;

export class FollowedAddresses {
  static readonly most = FOLLOWED;
  readonly #words = new Uint32Array(FOLLOWED * WORDS);
  readonly #hashes = new Uint32Array(FOLLOWED);
  readonly #packets = new Float64Array(FOLLOWED);
  readonly #places = new Int16Array(PLACES).fill(EMPTY);
  readonly #free = Array.from({ length: FOLLOWED }, (_, slot) => FOLLOWED - 1 - slot);
  readonly #waiting = new Uint16Array(WAITING);
  readonly #onDropped: (slot: number) => void;
  #missed = 0;
  #wanted = LEAST_WANTED;

  /** @param onDropped is called with the number of an address that is followed no more */
  constructor(onDropped: (slot: number) => void) {
    this.#onDropped = onDropped;
  }

  /** Returns the number of the address at `at` of `words`, which has some more packets, or -1 where it is not followed. */
  count(words: Uint32Array, at: number, hash: number, packets: number): number {
    let place = hash & (PLACES - 1);
    for (;;) {
      const slot = this.#places[place] ?? EMPTY;
      if (slot === EMPTY) break;
      if (this.#hashes[slot] === hash && this.#isAt(slot, words, at)) {
        this.#packets[slot] = (this.#packets[slot] ?? 0) + packets;
        return slot;
      }
      place = (place + 1) & (PLACES - 1);
    }
    if (this.#free.length === 0 && !this.#isWanted(hash, packets)) return EMPTY;
    return this.#follow(words, at, hash, packets);
  }

  /** By packets. */
  slots(): number[] {
    const free = new Set(this.#free);
    const used = Array.from({ length: FOLLOWED }, (_, slot) => slot).filter((slot) => !free.has(slot));
    return used.sort((one, other) => (this.#packets[other] ?? 0) - (this.#packets[one] ?? 0));
  }

  words(slot: number): Uint32Array {
    return this.#words.subarray(slot * WORDS, (slot + 1) * WORDS);
  }

  #isAt(slot: number, words: Uint32Array, at: number): boolean {
    const own = slot * WORDS;
    return (
      this.#words[own + 3] === words[at + 3] &&
      this.#words[own + 2] === words[at + 2] &&
      this.#words[own + 1] === words[at + 1] &&
      this.#words[own] === words[at]
    );
  }

  #isWanted(hash: number, more: number): boolean {
    const at = (hash >>> 16) & (WAITING - 1);
    const packets = Math.min((this.#waiting[at] ?? 0) + more, MOST_WAITING);
    this.#waiting[at] = packets;
    this.#missed += more;
    if (this.#missed >= WAITING) {
      this.#missed -= WAITING;
      for (let index = 0; index < WAITING; index++) this.#waiting[index] = (this.#waiting[index] ?? 0) >> 1;
      this.#wanted = Math.max(LEAST_WANTED, this.#wanted >> 1);
    }
    return packets >= this.#wanted;
  }

  #follow(words: Uint32Array, at: number, hash: number, packets: number): number {
    if (this.#free.length === 0) this.#dropLighterHalf();
    const slot = this.#free.pop() ?? 0;
    this.#words.set(words.subarray(at, at + WORDS), slot * WORDS);
    this.#hashes[slot] = hash;
    this.#packets[slot] = packets;
    this.#enter(slot);
    return slot;
  }

  #enter(slot: number): void {
    let place = (this.#hashes[slot] ?? 0) & (PLACES - 1);
    while (this.#places[place] !== EMPTY) place = (place + 1) & (PLACES - 1);
    this.#places[place] = slot;
  }

  /** Asks for more packets of those that come next, so that many addresses of the same weight do not drive each other out. */
  #dropLighterHalf(): void {
    this.#wanted = Math.min(MOST_WANTED, this.#wanted * 2);
    const slots = this.slots();
    const dropped = slots.splice(FOLLOWED / 2);
    this.#places.fill(EMPTY);
    for (const slot of slots) this.#enter(slot);
    for (const slot of dropped) this.#onDropped(slot);
    this.#free.push(...dropped);
  }
}
