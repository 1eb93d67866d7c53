/**
 * The tuples that are counted, in bounded memory: 65,536 tuples in sets of eight. A tuple that finds its set full takes
 * the place of the set's tuple with the fewest packets, as in the Space-Saving sketch (Metwally, Agrawal and El Abbadi,
 * 2005), so that a common tuple is not kept out by many rare ones that came before it.
 */
import type { HeaderColumns } from "../analysis/header-columns.ts";
import { MARKS } from "./marks.ts";
import { extensionLength, IPV6_LENGTH, type SynKey } from "./syn-key.ts";

const WAYS = 8;
const SETS = 1 << 13;
const CAPACITY = WAYS * SETS;
/** The longest TCP header with its options. */
const HEADER_LENGTH = 60;
const SAMPLE_LENGTH = HEADER_LENGTH + 4;
/** What stands behind the header in a sample: its captured bytes, and of IPv6 what ExtensionHeaders says. */
const CAPTURED = HEADER_LENGTH;
const EXTENSION_COUNT = HEADER_LENGTH + 1;
const EXTENSION_KIND = HEADER_LENGTH + 2;
const EXTENSION_FIELD = HEADER_LENGTH + 3;

export interface ExtensionHeaders {
  readonly count: number;
  /** Of the first. */
  readonly kind: number;
  /** Bytes of the first. */
  readonly length: number;
}

export class FingerprintTable {
  /** Tuples that are in the table. */
  size = 0;
  /** Whether no tuple ever lost its place. */
  isExact = true;
  /** Each place has a tuple where `packets` is not 0. */
  readonly packets = new Float64Array(CAPACITY);
  /** Packets that the tuple may have had before it got its place. */
  readonly error = new Float64Array(CAPACITY);
  readonly bytes = new Float64Array(CAPACITY);
  readonly hash = new Int32Array(CAPACITY);
  readonly check = new Int32Array(CAPACITY);
  readonly traits = new Int32Array(CAPACITY);
  readonly sizes = new Int32Array(CAPACITY);
  readonly lowestTtl = new Uint8Array(CAPACITY);
  readonly highestTtl = new Uint8Array(CAPACITY);
  readonly #marked = new Float64Array(CAPACITY * MARKS.length);
  /** Of the first packet of each tuple: the TCP header, and behind it what is kept of extension headers. */
  readonly #samples = new Uint8Array(CAPACITY * SAMPLE_LENGTH);

  /** @returns the place of the tuple, which is new where its `packets` is 0 */
  find(key: SynKey): number {
    const { hash, check } = key;
    const first = (hash & (SETS - 1)) * WAYS;
    for (let place = first; place < first + WAYS; place++) {
      if (this.check[place] === check && this.hash[place] === hash && this.packets[place] !== 0) return place;
      if (this.packets[place] === 0) return this.#take(place, key, 0);
    }
    const least = this.#leastOf(first);
    this.size--;
    this.isExact = false;
    return this.#take(least, key, this.#mostOf(least));
  }

  /** The place of a set whose tuple has the fewest packets. */
  #leastOf(first: number): number {
    let least = first;
    for (let place = first + 1; place < first + WAYS; place++) {
      if (this.#mostOf(place) < this.#mostOf(least)) least = place;
    }
    return least;
  }

  /** The most packets that the tuple may have had. */
  #mostOf(place: number): number {
    return (this.packets[place] ?? 0) + (this.error[place] ?? 0);
  }

  #take(place: number, key: SynKey, error: number): number {
    this.size++;
    this.hash[place] = key.hash;
    this.check[place] = key.check;
    this.traits[place] = key.traits;
    this.sizes[place] = key.sizes;
    this.packets[place] = 0;
    this.error[place] = error;
    this.bytes[place] = 0;
    this.lowestTtl[place] = 255;
    this.highestTtl[place] = 0;
    this.#marked.fill(0, place * MARKS.length, (place + 1) * MARKS.length);
    return place;
  }

  /** Counts a packet of the tuple. @param length of the packet in bytes @param marks MARK_ bits */
  count(place: number, length: number, ttl: number, marks: number): void {
    this.packets[place] = (this.packets[place] ?? 0) + 1;
    this.bytes[place] = (this.bytes[place] ?? 0) + length;
    if (ttl < (this.lowestTtl[place] ?? 0)) this.lowestTtl[place] = ttl;
    if (ttl > (this.highestTtl[place] ?? 0)) this.highestTtl[place] = ttl;
    if (marks !== 0) this.#countMarks(place, marks);
  }

  #countMarks(place: number, marks: number): void {
    for (let which = 0; which < MARKS.length; which++) {
      const at = place * MARKS.length + which;
      if ((marks & (MARKS[which] ?? 0)) !== 0) this.#marked[at] = (this.#marked[at] ?? 0) + 1;
    }
  }

  /** The packets of a tuple that have a mark. */
  marked(place: number, mark: (typeof MARKS)[number]): number {
    return this.#marked[place * MARKS.length + MARKS.indexOf(mark)] ?? 0;
  }

  /** Keeps the headers of the first packet of a tuple. */
  keepHeaders(place: number, columns: HeaderColumns, index: number): void {
    const { bytes } = columns;
    const at = columns.transport[index] ?? 0;
    const length = ((bytes[at + 12] ?? 0) >> 4) << 2;
    const end = Math.min(at + length, columns.headerEnd[index] ?? 0);
    const first = place * SAMPLE_LENGTH;
    this.#samples[first + CAPTURED] = end - at;
    this.#samples[first + EXTENSION_COUNT] = 0;
    for (let offset = at; offset < end; offset++) this.#samples[first + offset - at] = bytes[offset] ?? 0;
    if (columns.ipVersion[index] === 6) this.#keepExtensions(place, bytes, columns.networkHeader[index] ?? 0, at);
  }

  /** Keeps what stands between an IPv6 header and the TCP header. */
  #keepExtensions(place: number, bytes: Uint8Array, network: number, transport: number): void {
    const first = place * SAMPLE_LENGTH;
    let kind = bytes[network + 6] ?? 0;
    let count = 0;
    this.#samples[first + EXTENSION_KIND] = kind;
    this.#samples[first + EXTENSION_FIELD] = bytes[network + IPV6_LENGTH + 1] ?? 0;
    for (let at = network + IPV6_LENGTH; at < transport; count++) {
      const length = extensionLength(kind, bytes[at + 1] ?? 0);
      kind = bytes[at] ?? 0;
      at += length;
    }
    this.#samples[first + EXTENSION_COUNT] = Math.min(count, 255);
  }

  /** The captured bytes of the first packet's TCP header. Valid until the next packet. */
  header(place: number): Uint8Array {
    const first = place * SAMPLE_LENGTH;
    return this.#samples.subarray(first, first + (this.#samples[first + CAPTURED] ?? 0));
  }

  /** What stands between the IPv6 header and the TCP header. */
  extensions(place: number): ExtensionHeaders {
    const first = place * SAMPLE_LENGTH;
    const count = this.#samples[first + EXTENSION_COUNT] ?? 0;
    const kind = this.#samples[first + EXTENSION_KIND] ?? 0;
    const length = count === 0 ? 0 : extensionLength(kind, this.#samples[first + EXTENSION_FIELD] ?? 0);
    return { count, kind, length };
  }

  /** The places of the tuples with most packets. */
  commonest(most: number): number[] {
    const places: number[] = [];
    for (let place = 0; place < CAPACITY; place++) if (this.packets[place] !== 0) places.push(place);
    return places.sort((a, b) => (this.packets[b] ?? 0) - (this.packets[a] ?? 0)).slice(0, most);
  }
}
