/**
 * Reads the tables of heavy keys (bpf/counts/traffic_layout.h), one of each region, and joins them to one. A key lies in
 * the bucket of the same number in all tables, because they share the seed of the hash.
 */
import {
  TRAFFIC_BUCKET,
  TRAFFIC_BUCKETS,
  TRAFFIC_ENTRY,
  TRAFFIC_KEY,
  TRAFFIC_PLACES,
} from "../../generated/layouts.ts";
import {
  likelyMost,
  standardErrorOf,
  type TrafficEntry,
  type TrafficKey,
  type TrafficTable,
} from "../../packets/traffic-counts.ts";
import { keyText } from "./traffic-keys.ts";

const WORD = 4;
const BUCKET_WORDS = TRAFFIC_BUCKET.size / WORD;
const ENTRY_WORDS = TRAFFIC_ENTRY.size / WORD;
const FIRST_ENTRY = TRAFFIC_BUCKET.entries / WORD;
/** Four-byte words of a table. */
export const TABLE_WORDS = BUCKET_WORDS * TRAFFIC_BUCKETS;

/** A program changes a bucket for some ten nanoseconds. What is read after so many attempts is taken as it is. */
const ATTEMPTS_MAX = 1000;

/** What all regions together have of a key. */
interface Joined {
  readonly hash: number;
  packets: number;
  bytes: number;
  syns: number;
  /** Placeless packets that came when the key had its place already: none of them are of the key. */
  unconcerned: number;
  readonly key: Uint32Array;
}

/** A copy of a bucket, which no program changes. Numbers of eight bytes are exact up to 2^53. */
class BucketCopy {
  readonly #words = new Uint32Array(BUCKET_WORDS);

  /** @param table memory that the program writes @param start the word at which the bucket begins */
  take(table: Uint32Array, start: number): void {
    const changes = start + TRAFFIC_BUCKET.changes / WORD;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const before = Atomics.load(table, changes);
      if (before % 2 === 1) continue;
      this.#copy(table, start);
      if (Atomics.load(table, changes) === before) return;
    }
    this.#copy(table, start);
  }

  #copy(table: Uint32Array, start: number): void {
    // For so few words a loop is faster than a view and set().
    for (let at = 0; at < BUCKET_WORDS; at++) this.#words[at] = table[start + at] ?? 0;
  }

  number(word: number): number {
    return (this.#words[word] ?? 0) + (this.#words[word + 1] ?? 0) * 2 ** 32;
  }

  /** The number of each place, in an array of such numbers at an offset in bytes. */
  numberOf(place: number, offset: number): number {
    return this.number(offset / WORD + 2 * place);
  }

  /** The first 53 bits of the hash, which suffice to tell apart the keys of one bucket. 0: the place is free. */
  hash(place: number): number {
    const at = TRAFFIC_BUCKET.hashes / WORD + 2 * place;
    return (this.#words[at + 1] ?? 0) * 2 ** 21 + ((this.#words[at] ?? 0) >>> 11);
  }

  key(place: number): Uint32Array {
    const at = FIRST_ENTRY + place * ENTRY_WORDS + TRAFFIC_ENTRY.key / WORD;
    return this.#words.slice(at, at + TRAFFIC_KEY.size / WORD);
  }
}

/**
 * @param tables of all regions, TABLE_WORDS each
 * @param window that is read; what a bucket has of another one is left out
 * @param most entries of the answer
 * @param oneIn one packet in so many was counted, at least in a part of the window
 */
export function joinTables(
  tables: readonly Uint32Array[],
  kind: TrafficKey,
  window: number,
  most: number,
  oneIn: number,
): TrafficTable {
  const copy = new BucketCopy();
  const entries: (Joined & { error: number })[] = [];
  let evicted = 0;
  let missedAtMost = 0;
  for (let start = 0; start < TABLE_WORDS; start += BUCKET_WORDS) {
    const joined: Joined[] = [];
    let placeless = 0;
    for (const table of tables) {
      // Most buckets of a quiet window are left untouched, and need no copy.
      if (table[start + TRAFFIC_BUCKET.window / WORD] !== window) continue;
      copy.take(table, start);
      if (copy.numberOf(0, TRAFFIC_BUCKET.window) !== window) continue;
      const ofBucket = copy.numberOf(0, TRAFFIC_BUCKET.placeless);
      placeless += ofBucket + copy.numberOf(0, TRAFFIC_BUCKET.skipped);
      for (let place = 0; place < TRAFFIC_PLACES; place++) add(joined, copy, place, ofBucket);
    }
    evicted += placeless;
    missedAtMost = Math.max(missedAtMost, placeless);
    for (const entry of joined) entries.push({ ...entry, error: placeless - entry.unconcerned });
  }
  entries.sort((one, other) => other.packets - one.packets);
  for (let at = most; at < entries.length; at++) {
    const { packets = 0, error = 0 } = entries[at] ?? {};
    missedAtMost = Math.max(missedAtMost, packets + error);
  }
  const named = entries.slice(0, most).map(({ packets, bytes, syns, error, key }): TrafficEntry => {
    const standardError = Math.round(standardErrorOf(packets, oneIn));
    return { key: keyText(kind, new Uint8Array(key.buffer)), packets, bytes, syns, error, standardError };
  });
  missedAtMost = likelyMost(missedAtMost, standardErrorOf(missedAtMost, oneIn));
  return { entries: named, evicted, missedAtMost, oneIn };
}

function add(joined: Joined[], copy: BucketCopy, place: number, placeless: number): void {
  const hash = copy.hash(place);
  if (hash === 0) return;
  const entry = FIRST_ENTRY + place * ENTRY_WORDS;
  const packets = copy.numberOf(place, TRAFFIC_BUCKET.weights) - copy.numberOf(place, TRAFFIC_BUCKET.inherited);
  const bytes = copy.number(entry + TRAFFIC_ENTRY.bytes / WORD);
  const syns = copy.number(entry + TRAFFIC_ENTRY.syns / WORD);
  const unconcerned = placeless - copy.number(entry + TRAFFIC_ENTRY.before / WORD);
  const known = joined.find((other) => other.hash === hash);
  if (known === undefined) {
    joined.push({ hash, packets, bytes, syns, unconcerned, key: copy.key(place) });
  } else {
    known.packets += packets;
    known.bytes += bytes;
    known.syns += syns;
    known.unconcerned += unconcerned;
  }
}
