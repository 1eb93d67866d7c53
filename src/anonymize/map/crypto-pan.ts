/** The map of addresses that Crypto-PAn is: one to one, and addresses with a common prefix keep one of the same length. */
import { AddressCache } from "./address-cache.ts";
import { PrefixBits, TABLE_BITS } from "./prefix-bits.ts";

const WORDS = 4;
const IPV4_BITS = 32;
const IPV6_BITS = 128;
/** Addresses whose bits are found by one call. */
const MOST_AT_ONCE = 1024;
/** Places of each table of known addresses, of 33 bytes each. */
const PLACES = 1 << 17;

/** One map for both versions: an IPv4 address is mapped as the first 32 bits of an IPv6 address with the same beginning. */
export class CryptoPan {
  readonly #bits: PrefixBits;
  readonly #caches: Readonly<Record<4 | 6, AddressCache>>;
  readonly #asked = new Uint32Array(MOST_AT_ONCE * WORDS);
  readonly #found = new Uint32Array(MOST_AT_ONCE * WORDS);
  readonly #result = new Uint32Array(WORDS);

  /**
   * @param key 32 bytes: the key of AES-128, and 16 bytes that the pad is made of
   * @param seed a secret number of 32 bits for the tables of known addresses
   */
  constructor(key: Uint8Array, seed: number) {
    this.#bits = new PrefixBits(key);
    this.#caches = { 4: new AddressCache(seed, PLACES), 6: new AddressCache(seed, PLACES) };
  }

  /** Maps an IPv4 address, which is a number of 32 bits. */
  ipv4(address: number): number {
    const cache = this.#caches[4];
    const known = cache.find(address, 0, 0, 0);
    if (known >= 0) return cache.mapped[known] ?? 0;
    this.#result[0] = address;
    this.#result.fill(0, 1);
    this.#map(4, this.#result, 1);
    return cache.mapped[cache.find(address, 0, 0, 0)] ?? 0;
  }

  /** Maps an IPv6 address of four words. @returns four words, valid until the next call */
  ipv6(a: number, b: number, c: number, d: number): Uint32Array {
    const cache = this.#caches[6];
    const result = this.#result;
    let known = cache.find(a, b, c, d);
    if (known < 0) {
      result[0] = a;
      result[1] = b;
      result[2] = c;
      result[3] = d;
      this.#map(6, result, 1);
      known = cache.find(a, b, c, d);
    }
    for (let word = 0; word < WORDS; word++) result[word] = cache.mapped[known + word] ?? 0;
    return result;
  }

  /**
   * Maps many addresses at once, so that they are known when they are asked for. This is for speed alone.
   *
   * @param addresses four words each; an IPv4 address is the first of them, and the others are 0
   */
  prepare(version: 4 | 6, addresses: Uint32Array, count: number): void {
    const cache = this.#caches[version];
    const wanted = Math.min(count, cache.most);
    cache.makeRoom(wanted);
    const asked = this.#asked;
    let missing = 0;
    for (let at = 0; at < wanted * WORDS; at += WORDS) {
      const a = addresses[at] ?? 0;
      const b = addresses[at + 1] ?? 0;
      const c = addresses[at + 2] ?? 0;
      const d = addresses[at + 3] ?? 0;
      if (cache.find(a, b, c, d) >= 0) continue;
      const place = missing * WORDS;
      asked[place] = a;
      asked[place + 1] = b;
      asked[place + 2] = c;
      asked[place + 3] = d;
      if (++missing < MOST_AT_ONCE) continue;
      this.#map(version, asked, missing);
      missing = 0;
    }
    if (missing > 0) this.#map(version, asked, missing);
  }

  /** Maps addresses, and remembers them. */
  #map(version: 4 | 6, addresses: Uint32Array, count: number): void {
    const cache = this.#caches[version];
    cache.makeRoom(count);
    const bits = this.#found.fill(0, 0, count * WORDS);
    this.#bits.find(addresses, count, version === 4 ? IPV4_BITS : IPV6_BITS, bits);
    const { table } = this.#bits;
    for (let from = 0; from < count * WORDS; from += WORDS) {
      const a = addresses[from] ?? 0;
      const b = addresses[from + 1] ?? 0;
      const c = addresses[from + 2] ?? 0;
      const d = addresses[from + 3] ?? 0;
      const to = cache.add(a, b, c, d);
      const first = ((table[a >>> TABLE_BITS] ?? 0) << TABLE_BITS) | (bits[from] ?? 0);
      cache.mapped[to] = a ^ first;
      cache.mapped[to + 1] = b ^ (bits[from + 1] ?? 0);
      cache.mapped[to + 2] = c ^ (bits[from + 2] ?? 0);
      cache.mapped[to + 3] = d ^ (bits[from + 3] ?? 0);
    }
  }
}
