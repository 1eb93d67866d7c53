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

  /** Takes the packets of IP from `first` up to `end`. @param intervals of all packets of the columns */
  add(columns: HeaderColumns, first: number, end: number, intervals: Uint16Array): void {
    this.packets += end - first;
    this.#addSources(columns, first, end, intervals);
    this.#addIdentifications(columns, first, end);
    this.#addPorts(columns, first, end);
  }

  /** Packets of one source that follow one another are counted at once. */
  #addSources(columns: HeaderColumns, first: number, end: number, intervals: Uint16Array): void {
    const { source, sourceHash, ttl, ipVersion } = columns;
    for (let index = first, next = first + 1; index < end; index = next++) {
      const hash = sourceHash[index] ?? 0;
      const life = ttl[index] ?? 0;
      const interval = intervals[index] ?? NO_INTERVAL;
      while (next < end && sourceHash[next] === hash && ttl[next] === life && intervals[next] === interval) next++;
      const packets = next - index;
      const isNew = this.sourceCounts.add(hash, packets);
      const grows = this.sources.add(hash);
      if (interval !== NO_INTERVAL) {
        this.byInterval.add(interval, hash, this.sourceCounts.isExact ? Number(isNew) : grows);
      }
      this.#sourcesOf(life).add(mix(hash));
      this.ttlPackets[life] = (this.ttlPackets[life] ?? 0) + packets;
      const bogon = bogonOf(source, 4 * index);
      if (bogon >= 0) this.bogons[bogon] = (this.bogons[bogon] ?? 0) + packets;
      if (ipVersion[index] !== 4) continue;
      const byte = (source[4 * index + 3] ?? 0) >>> 24;
      this.firstBytes[byte] = (this.firstBytes[byte] ?? 0) + packets;
    }
  }

  #addIdentifications({ ipVersion, ipId }: HeaderColumns, first: number, end: number): void {
    const numbers = this.ipIds;
    for (let index = first; index < end; index++) {
      if (ipVersion[index] !== 4) continue;
      const id = ipId[index] ?? 0;
      numbers[id] = (numbers[id] ?? 0) + 1;
    }
  }

  #addPorts({ hasPorts, sourcePort, protocol, sequence }: HeaderColumns, first: number, end: number): void {
    const numbers = this.sourcePorts;
    for (let index = first; index < end; index++) {
      if (hasPorts[index] === 0) continue;
      const port = sourcePort[index] ?? 0;
      numbers[port] = (numbers[port] ?? 0) + 1;
      if (protocol[index] === TCP) this.sequenceNumbers.add(mix(sequence[index] ?? 0));
    }
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
    this.byInterval.rearrange(places);
  }
}

function addAll(numbers: Float64Array | Uint32Array, others: Float64Array | Uint32Array): void {
  for (let place = 0; place < numbers.length; place++) numbers[place] = (numbers[place] ?? 0) + (others[place] ?? 0);
}
