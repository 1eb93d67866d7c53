/**
 * Rows of addresses. Each different one is kept once; where they repeat, the file has places in a dictionary, as of the hosts
 * that a flood hits. Otherwise it has them one after the other, as of sources that are made up.
 */

import { mixInto } from "../../report/analysis/mix.ts";
import { ADDRESS_BYTES } from "../contract/columns.ts";
import { type EncodedColumn, encodePlaces } from "./chunk.ts";
import { type ColumnRows, Levels } from "./column-rows.ts";
import type { ParquetLibrary } from "./library.ts";
import { bytesOf } from "./number-rows.ts";

const WORDS = 4;
const EMPTY = 0;
/** The words of one address. */
const one = new Uint32Array(WORDS);

export class AddressRows implements ColumnRows {
  /** The place of each row's address among the different ones. */
  readonly #places: Uint32Array;
  /** The words of the different ones, the first one of each the most significant. */
  readonly #words: Uint32Array;
  readonly #levels: Levels;
  /** Open addressing: places from 1 on, and EMPTY. */
  readonly #table: Uint32Array;
  readonly #mask: number;
  readonly #isNullable: boolean;
  #different = 0;
  #count = 0;

  /** @param most rows of a row group */
  constructor(most: number, isNullable = true) {
    this.#isNullable = isNullable;
    const size = 2 ** Math.ceil(Math.log2(2 * most));
    this.#places = new Uint32Array(most);
    this.#words = new Uint32Array(WORDS * most);
    this.#levels = new Levels(most);
    this.#table = new Uint32Array(size);
    this.#mask = size - 1;
  }

  /** Adds these rows. @param words four for each row @param hashes of the addresses, 32 bits, well mixed */
  addWhere(words: Uint32Array, hashes: Uint32Array, has: Uint8Array, from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const hasValue = has[index] === 1;
      this.#levels.add(hasValue);
      if (hasValue) this.#places[this.#count++] = this.#placeOf(words, WORDS * index, hashes[index] ?? 0);
    }
  }

  /** Adds a row. @param address 16 bytes in network order; undefined: the row has none */
  add(address: Uint8Array | undefined): void {
    this.#levels.add(address !== undefined);
    if (address === undefined) return;
    const view = new DataView(address.buffer, address.byteOffset, ADDRESS_BYTES);
    let hash = 0;
    for (let word = 0; word < WORDS; word++) {
      one[word] = view.getUint32(4 * word);
      hash = mixInto(hash, one[word] ?? 0);
    }
    this.#places[this.#count++] = this.#placeOf(one, 0, hash);
  }

  #placeOf(words: Uint32Array, at: number, hash: number): number {
    const own = this.#words;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const found = this.#table[slot] ?? EMPTY;
      if (found === EMPTY) {
        const place = this.#different++;
        this.#table[slot] = place + 1;
        for (let word = 0; word < WORDS; word++) own[WORDS * place + word] = words[at + word] ?? 0;
        return place;
      }
      const other = WORDS * (found - 1);
      const isSame =
        own[other + 3] === words[at + 3] &&
        own[other + 2] === words[at + 2] &&
        own[other + 1] === words[at + 1] &&
        own[other] === words[at];
      if (isSame) return found - 1;
    }
  }

  encode(library: ParquetLibrary): EncodedColumn {
    const { levels, ...taken } = this.#levels.take();
    const counts = { ...taken, levels: this.#isNullable ? levels : undefined };
    const places = this.#places.subarray(0, this.#count);
    const different = this.#different;
    this.#count = 0;
    this.#different = 0;
    this.#table.fill(EMPTY);
    if (different === 0) return { ...counts, encoding: "PLAIN", page: new Uint8Array(0) };
    const words = this.#words.subarray(0, WORDS * different);
    const limits = bounds(words);
    const bytes = bytesOf(turned(words));
    const common = { ...counts, ...limits, different: bytes };
    if (different <= places.length / 4 + 1) {
      const dictionary = { bytes, count: different };
      return { ...common, encoding: "RLE_DICTIONARY", page: encodePlaces(library, places, different), dictionary };
    }
    const rows = new Uint32Array(WORDS * places.length);
    let at = 0;
    for (const place of places) {
      for (let word = WORDS * place; word < WORDS * place + WORDS; word++) rows[at++] = words[word] ?? 0;
    }
    return { ...common, encoding: "PLAIN", page: bytesOf(rows) };
  }
}

/** Turns the bytes of each word, in place. */
function turned(words: Uint32Array): Uint32Array {
  Buffer.from(words.buffer, words.byteOffset, words.byteLength).swap32();
  return words;
}

/** The least and the greatest address. */
function bounds(words: Uint32Array): { least: Uint8Array; greatest: Uint8Array } {
  let [least, greatest] = [0, 0];
  for (let at = WORDS; at < words.length; at += WORDS) {
    if (isLess(words, at, least)) least = at;
    if (isLess(words, greatest, at)) greatest = at;
  }
  return { least: addressAt(words, least), greatest: addressAt(words, greatest) };
}

function isLess(words: Uint32Array, one: number, other: number): boolean {
  for (let word = 0; word < WORDS; word++) {
    const [left, right] = [words[one + word] ?? 0, words[other + word] ?? 0];
    if (left !== right) return left < right;
  }
  return false;
}

function addressAt(words: Uint32Array, at: number): Uint8Array {
  const bytes = new Uint8Array(ADDRESS_BYTES);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < WORDS; word++) view.setUint32(4 * word, words[at + word] ?? 0);
  return bytes;
}
