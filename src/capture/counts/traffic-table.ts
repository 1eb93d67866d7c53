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
import type { TrafficEntry, TrafficKey, TrafficTable } from "../../packets/traffic-counts.ts";
import { keyText } from "./traffic-keys.ts";

const BUCKET_SIZE = TRAFFIC_BUCKET.size;
export const TABLE_SIZE = BUCKET_SIZE * TRAFFIC_BUCKETS;

/** A program changes a bucket for some ten nanoseconds. What is read after so many attempts is taken as it is. */
const ATTEMPTS_MAX = 1000;

/** What all regions together have of a key. */
interface Joined {
  packets: number;
  bytes: number;
  syns: number;
  /** Placeless packets that came when the key had its place already: none of them are of the key. */
  unconcerned: number;
  readonly key: Uint8Array;
}

/** A copy of a bucket, which no program changes. */
class BucketCopy {
  readonly bytes = new Uint8Array(BUCKET_SIZE);
  readonly #words = new Uint32Array(this.bytes.buffer);

  /** @param changes of the bucket, in the memory that the program writes */
  take(memory: Uint8Array, changes: BigUint64Array): void {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const before = Atomics.load(changes, 0);
      if (before % 2n === 1n) continue;
      this.bytes.set(memory);
      if (Atomics.load(changes, 0) === before) return;
    }
    this.bytes.set(memory);
  }

  /** A number of eight bytes, exact up to 2^53. */
  number(offset: number): number {
    return (this.#words[offset / 4] ?? 0) + (this.#words[offset / 4 + 1] ?? 0) * 2 ** 32;
  }

  /** The first 53 bits of a hash, which suffice to tell apart the keys of one bucket. */
  hash(place: number): number {
    const at = (TRAFFIC_BUCKET.hashes + 8 * place) / 4;
    return (this.#words[at + 1] ?? 0) * 2 ** 21 + ((this.#words[at] ?? 0) >>> 11);
  }

  isFree(place: number): boolean {
    return this.number(TRAFFIC_BUCKET.hashes + 8 * place) === 0;
  }
}

/**
 * @param tables of all regions, TABLE_SIZE bytes each
 * @param window that is read; what a bucket has of another one is left out
 * @param most entries of the answer
 */
export function joinTables(
  tables: readonly Uint8Array[],
  kind: TrafficKey,
  window: number,
  most: number,
): TrafficTable {
  const copy = new BucketCopy();
  const entries: { packets: number; bytes: number; syns: number; error: number; key: Uint8Array }[] = [];
  let evicted = 0;
  let missedAtMost = 0;
  for (let start = 0; start < TABLE_SIZE; start += BUCKET_SIZE) {
    const joined = new Map<number, Joined>();
    let placeless = 0;
    for (const table of tables) {
      const changes = new BigUint64Array(table.buffer, table.byteOffset + start + TRAFFIC_BUCKET.changes, 1);
      // Most buckets of a quiet window are left untouched, and need no copy.
      const ofWindow = new BigUint64Array(table.buffer, table.byteOffset + start + TRAFFIC_BUCKET.window, 1);
      if (Number(ofWindow[0]) !== window) continue;
      copy.take(table.subarray(start, start + BUCKET_SIZE), changes);
      if (copy.number(TRAFFIC_BUCKET.window) !== window) continue;
      const ofBucket = copy.number(TRAFFIC_BUCKET.placeless);
      placeless += ofBucket + copy.number(TRAFFIC_BUCKET.skipped);
      for (let place = 0; place < TRAFFIC_PLACES; place++) {
        if (!copy.isFree(place)) add(joined, copy, place, ofBucket);
      }
    }
    evicted += placeless;
    missedAtMost = Math.max(missedAtMost, placeless);
    for (const { unconcerned, ...entry } of joined.values()) {
      entries.push({ ...entry, error: placeless - unconcerned });
    }
  }
  entries.sort((one, other) => other.packets - one.packets);
  for (const { packets, error } of entries.slice(most)) missedAtMost = Math.max(missedAtMost, packets + error);
  const named = entries
    .slice(0, most)
    .map(({ key, ...entry }): TrafficEntry => ({ key: keyText(kind, key), ...entry }));
  return { entries: named, evicted, missedAtMost };
}

function add(joined: Map<number, Joined>, copy: BucketCopy, place: number, placeless: number): void {
  const hash = copy.hash(place);
  const entry = TRAFFIC_BUCKET.entries + place * TRAFFIC_ENTRY.size;
  const weight = copy.number(TRAFFIC_BUCKET.weights + 8 * place);
  const packets = weight - copy.number(TRAFFIC_BUCKET.inherited + 8 * place);
  const bytes = copy.number(entry + TRAFFIC_ENTRY.bytes);
  const syns = copy.number(entry + TRAFFIC_ENTRY.syns);
  const unconcerned = placeless - copy.number(entry + TRAFFIC_ENTRY.before);
  const known = joined.get(hash);
  if (known === undefined) {
    const key = entry + TRAFFIC_ENTRY.key;
    joined.set(hash, { packets, bytes, syns, unconcerned, key: copy.bytes.slice(key, key + TRAFFIC_KEY.size) });
  } else {
    known.packets += packets;
    known.bytes += bytes;
    known.syns += syns;
    known.unconcerned += unconcerned;
  }
}
