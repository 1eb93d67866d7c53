/** Remembers what addresses are mapped to, in memory that does not grow. */

const WORDS = 4;

/** A table of open addressing, which forgets everything when it is full. An address of IPv4 is its first word. */
export class AddressCache {
  /** What the addresses are mapped to: four words at each place. */
  readonly mapped: Uint32Array;
  /** The most addresses that are remembered at once. */
  readonly most: number;
  readonly #addresses: Uint32Array;
  readonly #isFilled: Uint8Array;
  readonly #places: number;
  readonly #seed: number;
  #count = 0;

  /**
   * @param seed a secret number of 32 bits, without which nobody can send addresses that all go to one place
   * @param places a power of two; half of them are filled at most
   */
  constructor(seed: number, places: number) {
    this.#seed = seed;
    this.#places = places;
    this.most = places / 2;
    this.mapped = new Uint32Array(places * WORDS);
    this.#addresses = new Uint32Array(places * WORDS);
    this.#isFilled = new Uint8Array(places);
  }

  /** Makes room for addresses, and forgets all others where need be. */
  makeRoom(addresses: number): void {
    if (this.#count + addresses <= this.most) return;
    this.#isFilled.fill(0);
    this.#count = 0;
  }

  /** Returns where in `mapped` an address has its first word; -1 where it is not remembered. */
  find(a: number, b: number, c: number, d: number): number {
    const place = this.#placeOf(a, b, c, d);
    return this.#isFilled[place] === 1 ? place * WORDS : -1;
  }

  /** Adds an address, for which there must be room. @returns where in `mapped` its first word is to be put */
  add(a: number, b: number, c: number, d: number): number {
    const place = this.#placeOf(a, b, c, d);
    const at = place * WORDS;
    if (this.#isFilled[place] === 1) return at;
    this.#isFilled[place] = 1;
    this.#count++;
    this.#addresses[at] = a;
    this.#addresses[at + 1] = b;
    this.#addresses[at + 2] = c;
    this.#addresses[at + 3] = d;
    return at;
  }

  /** Returns the place of an address, or the empty one where it would be. */
  #placeOf(a: number, b: number, c: number, d: number): number {
    const addresses = this.#addresses;
    let place = this.#hash(a, b, c, d);
    for (; this.#isFilled[place] === 1; place = (place + 1) & (this.#places - 1)) {
      const at = place * WORDS;
      if (addresses[at] === a && addresses[at + 1] === b && addresses[at + 2] === c && addresses[at + 3] === d) break;
    }
    return place;
  }

  #hash(a: number, b: number, c: number, d: number): number {
    let hash = this.#seed;
    hash = Math.imul(hash ^ a, 0x9e37_79b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ c, 0xc2b2_ae35);
    hash = Math.imul(hash ^ (hash >>> 16) ^ d, 0x27d4_eb2f);
    return (hash ^ (hash >>> 15)) & (this.#places - 1);
  }
}
