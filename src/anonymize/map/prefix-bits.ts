/**
 * The keyed bits of Crypto-PAn: one for each prefix of an address (J. Xu, J. Fan, M. Ammar, S. Moon: "Prefix-Preserving IP
 * Address Anonymization", ICNP 2002).
 *
 * The bit of a prefix is the first bit of AES-128 of one block: the prefix, filled up with the pad. An address is mapped by
 * an exclusive or of each of its bits with the bit of the prefix in front of it.
 */
import { type Cipher, createCipheriv } from "node:crypto";

/** Bytes of a key: 16 of AES, and 16 that the pad is made of. */
export const KEY_BYTES = 32;
const AES_KEY_BYTES = 16;

/** Bits that stand in a table, which is made at once. */
export const TABLE_BITS = 16;

const BLOCK_BYTES = 16;
const BLOCK_WORDS = 4;
const WORD_BITS = 32;
/** Blocks that are encrypted by one call. */
const BLOCKS_AT_ONCE = 4096;

const bigEndian = new DataView(new ArrayBuffer(4));
const inMemory = new Uint32Array(bigEndian.buffer);

/** Returns the number whose bytes in memory are those of `word` in network byte order. */
function memoryOrder(word: number): number {
  bigEndian.setUint32(0, word);
  return inMemory[0] ?? 0;
}

/** By a number of bits below 32: a word with so many ones at its beginning, in memory order. */
const MASKS = Uint32Array.from({ length: WORD_BITS }, (_, bits) =>
  memoryOrder(bits === 0 ? 0 : (0xffff_ffff << (WORD_BITS - bits)) >>> 0),
);

export class PrefixBits {
  /** By the first 16 bits of an address: the bits that they are mapped with. */
  readonly table: Uint16Array;
  readonly #cipher: Cipher;
  readonly #pad = new Uint32Array(BLOCK_WORDS);
  readonly #blocks = new Uint32Array(BLOCKS_AT_ONCE * BLOCK_WORDS);
  readonly #bytes = new Uint8Array(this.#blocks.buffer);

  /** @param key KEY_BYTES bytes */
  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) throw new RangeError(`a key of ${key.length} bytes`);
    // One block follows the other without state, so that one cipher serves for all of them.
    this.#cipher = createCipheriv("aes-128-ecb", key.subarray(0, AES_KEY_BYTES), null).setAutoPadding(false);
    this.#bytes.set(key.subarray(AES_KEY_BYTES));
    const pad = this.#encrypt(1);
    new Uint8Array(this.#pad.buffer).set(pad);
    this.table = this.#makeTable();
  }

  /**
   * Finds the bits behind the first 16 that addresses are mapped with.
   *
   * @param addresses four words each, in host order
   * @param length bits of an address: 32 or 128
   * @param bits takes the bits, four words for each address, the upper half of the first of which is 0
   */
  find(addresses: Uint32Array, count: number, length: number, bits: Uint32Array): void {
    const levels = length - TABLE_BITS;
    const atOnce = Math.floor(BLOCKS_AT_ONCE / levels);
    for (let first = 0; first < count; first += atOnce) {
      const some = Math.min(atOnce, count - first);
      for (let i = 0; i < some; i++) this.#putBlocks(addresses, (first + i) * BLOCK_WORDS, length, i * levels);
      const encrypted = this.#encrypt(some * levels);
      let at = 0;
      for (let word = first * BLOCK_WORDS; word < (first + some) * BLOCK_WORDS; word += BLOCK_WORDS) {
        for (let level = TABLE_BITS; level < length; ) {
          let found = 0;
          const place = level >>> 5;
          do {
            found = (found << 1) | ((encrypted[at] ?? 0) >>> 7);
            at += BLOCK_BYTES;
          } while ((++level & 31) !== 0);
          bits[word + place] = found;
        }
      }
    }
  }

  /** Lays out the blocks of the prefixes from TABLE_BITS bits to `length` - 1. */
  #putBlocks(addresses: Uint32Array, address: number, length: number, block: number): void {
    const blocks = this.#blocks;
    const words = this.#pad.slice();
    let at = block * BLOCK_WORDS;
    for (let word = 0; word * WORD_BITS < length; word++) {
      const own = memoryOrder(addresses[address + word] ?? 0);
      const filling = words[word] ?? 0;
      for (let bits = word === 0 ? TABLE_BITS : 0; bits < WORD_BITS; bits++) {
        const mask = MASKS[bits] ?? 0;
        words[word] = (own & mask) | (filling & ~mask);
        for (let any = 0; any < BLOCK_WORDS; any++) blocks[at++] = words[any] ?? 0;
      }
      words[word] = own;
    }
  }

  /** Encrypts the first blocks. */
  #encrypt(count: number): Uint8Array {
    return this.#cipher.update(this.#bytes.subarray(0, count * BLOCK_BYTES));
  }

  #makeTable(): Uint16Array {
    let shorter = Uint16Array.of(0);
    for (let level = 0; level < TABLE_BITS; level++) {
      const longer = new Uint16Array(shorter.length * 2);
      for (let first = 0; first < shorter.length; first += BLOCKS_AT_ONCE) {
        const some = Math.min(BLOCKS_AT_ONCE, shorter.length - first);
        const encrypted = this.#encryptPrefixes(first, some, level);
        for (let i = 0; i < some; i++) {
          const prefix = first + i;
          const bits = ((shorter[prefix] ?? 0) << 1) | ((encrypted[i * BLOCK_BYTES] ?? 0) >>> 7);
          longer[prefix * 2] = bits;
          longer[prefix * 2 + 1] = bits;
        }
      }
      shorter = longer;
    }
    return shorter;
  }

  /** Encrypts the blocks of prefixes of `length` bits, which are less than 32. */
  #encryptPrefixes(first: number, count: number, length: number): Uint8Array {
    const mask = MASKS[length] ?? 0;
    for (let i = 0; i < count; i++) {
      const own = length === 0 ? 0 : memoryOrder(((first + i) << (WORD_BITS - length)) >>> 0);
      this.#blocks.set(this.#pad, i * BLOCK_WORDS);
      this.#blocks[i * BLOCK_WORDS] = (own & mask) | ((this.#pad[0] ?? 0) & ~mask);
    }
    return this.#encrypt(count);
  }
}
