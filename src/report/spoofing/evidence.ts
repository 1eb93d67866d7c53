/** What packets tell of their sources, in memory that does not grow: about 1 MB, and what intervals take. Evidence can be merged. */
import type { HeaderColumns } from "../analysis/header-columns.ts";
import { mix } from "../analysis/mix.ts";
import { type IntervalSeries, NO_INTERVAL } from "../rates/timeline.ts";
import { HashCounts } from "../sketches/hash-counts.ts";
import { HyperLogLog } from "../sketches/hyper-log-log.ts";
import { BOGON_BLOCKS, bogonOf } from "./bogons.ts";
import { SourcesByInterval } from "./sources-by-interval.ts";

const VALUES_16 = 65_536;
const TCP = 6;
/** 16,384 registers: a standard error of 0.8 %. */
const SOURCES_BITS = 14;
/** 256 registers: a standard error of 6.5 %. */
const TTL_BITS = 8;

export class Evidence implements IntervalSeries {
  packets = 0;
  readonly sources = new HyperLogLog(SOURCES_BITS);
  readonly sourceCounts = new HashCounts();
  readonly sequenceNumbers = new HashCounts();
  readonly sourcePorts = new Uint32Array(VALUES_16);
  readonly ipIds = new Uint32Array(VALUES_16);
  readonly firstBytes = new Float64Array(256);
  readonly ttlPackets = new Float64Array(256);
  readonly ttlSources: (HyperLogLog | undefined)[] = new Array<HyperLogLog | undefined>(256).fill(undefined);
  readonly bogons = new Float64Array(BOGON_BLOCKS.length);
  readonly byInterval = new SourcesByInterval();
  #lastHash = -1;
  #lastTtl = -1;
  #lastInterval = -1;
  #lastBogon = -1;

  /** Takes a packet of IP. */
  add(columns: HeaderColumns, index: number, interval: number): void {
    this.packets++;
    const hash = columns.sourceHash[index] ?? 0;
    const ttl = columns.ttl[index] ?? 0;
    const isNew = this.sourceCounts.add(hash);
    // A packet like the one before it adds nothing to the numbers of sources.
    if (hash !== this.#lastHash || ttl !== this.#lastTtl || interval !== this.#lastInterval) {
      const grows = this.sources.add(hash);
      if (interval !== NO_INTERVAL)
        this.byInterval.add(interval, hash, this.sourceCounts.isExact ? Number(isNew) : grows);
      this.#sourcesOf(ttl).add(mix(hash));
      this.#lastBogon = bogonOf(columns.source, 4 * index);
      this.#lastHash = hash;
      this.#lastTtl = ttl;
      this.#lastInterval = interval;
    }
    if (this.#lastBogon >= 0) increment(this.bogons, this.#lastBogon);
    increment(this.ttlPackets, ttl);
    if (columns.ipVersion[index] === 4) {
      increment(this.firstBytes, (columns.source[4 * index + 3] ?? 0) >>> 24);
      increment(this.ipIds, columns.ipId[index] ?? 0);
    }
    if (columns.hasPorts[index] === 0) return;
    increment(this.sourcePorts, columns.sourcePort[index] ?? 0);
    if (columns.protocol[index] === TCP) this.sequenceNumbers.add(mix(columns.sequence[index] ?? 0));
  }

  #sourcesOf(ttl: number): HyperLogLog {
    const known = this.ttlSources[ttl];
    if (known !== undefined) return known;
    const made = new HyperLogLog(TTL_BITS);
    this.ttlSources[ttl] = made;
    return made;
  }

  merge(other: Evidence): void {
    this.packets += other.packets;
    this.sources.merge(other.sources);
    this.sourceCounts.merge(other.sourceCounts);
    this.sequenceNumbers.merge(other.sequenceNumbers);
    addAll(this.sourcePorts, other.sourcePorts);
    addAll(this.ipIds, other.ipIds);
    addAll(this.firstBytes, other.firstBytes);
    addAll(this.ttlPackets, other.ttlPackets);
    addAll(this.bogons, other.bogons);
    for (const [ttl, sources] of other.ttlSources.entries()) {
      if (sources !== undefined) this.#sourcesOf(ttl).merge(sources);
    }
    this.byInterval.merge(other.byInterval);
  }

  rearrange(places: Uint16Array): void {
    this.#lastInterval = -1;
    this.byInterval.rearrange(places);
  }
}

function increment(numbers: Float64Array | Uint32Array, place: number): void {
  numbers[place] = (numbers[place] ?? 0) + 1;
}

function addAll(numbers: Float64Array | Uint32Array, others: Float64Array | Uint32Array): void {
  for (let place = 0; place < numbers.length; place++) numbers[place] = (numbers[place] ?? 0) + (others[place] ?? 0);
}
