/** The counts of a capture: the maps that its programs count in, and what they say. */
import { randomBytes } from "node:crypto";
import { TRAFFIC_KINDS, TRAFFIC_ONE_IN, TRAFFIC_REGION } from "../../generated/layouts.ts";
import { kernelError } from "../../host/kernel-error.ts";
import { onlineCpus, possibleCpuNumbers } from "../../host/online-cpus.ts";
import { BpfMap } from "../../native/map.ts";
import type { BpfObject } from "../../native/object.ts";
import { readClocks } from "../../native/system.ts";
import type {
  TrafficCounts,
  TrafficKey,
  TrafficTable,
  TrafficTotals,
  TrafficWindow,
} from "../../packets/traffic-counts.ts";
import { kindOf } from "./traffic-keys.ts";
import { joinTables, TABLE_WORDS } from "./traffic-table.ts";
import { sumTotals } from "./traffic-totals.ts";

/** One table is written while the other one is read. */
const TABLES_OF_A_KIND = 2;
const NANOSECONDS_PER_SECOND = 1e9;
const REGION_WORDS = TRAFFIC_REGION.size / 8;
/**
 * Packets of a window that each CPU counts by their keys before it counts one in TRAFFIC_ONE_IN. They cost each CPU a few
 * milliseconds.
 */
const EXACT_PACKETS = 50_000n;
/** Bytes of the value of a map that no program uses. */
const UNUSED_VALUE_SIZE = 8;

/** Makes a capture program, before it is loaded, count there, or nowhere. */
export function configureCounts(object: BpfObject, counts: KernelCounts | undefined): void {
  if (counts === undefined) object.setValueSize("traffic_tables", UNUSED_VALUE_SIZE);
  else counts.configure(object);
}

/**
 * The memory of a capture's counts: 328 kB for each kind of key and each CPU that was online at the start, and for the
 * CPUs together that may come online later.
 */
export class KernelCounts implements TrafficCounts, Disposable {
  readonly keys: readonly TrafficKey[];
  readonly #ownRegions: number;
  readonly #regionCount: number;
  readonly #regionMap: BpfMap;
  readonly #tableMap: BpfMap;
  readonly #seed = randomBytes(16);
  readonly #regions: BigUint64Array;
  readonly #tables: Uint32Array;
  /** The number of the running window. */
  #window = 1;
  /** Of each region: the number of packets, since the start, from which on the running window is sampled. */
  readonly #exactUntil: bigint[];
  #began = readClocks();

  /** @throws RingcapError PRIVILEGE or KERNEL */
  constructor(keys: readonly TrafficKey[], online: readonly number[] = onlineCpus()) {
    this.keys = keys;
    this.#ownRegions = Math.max(...online) + 1;
    this.#regionCount = this.#ownRegions + (Math.max(...possibleCpuNumbers()) >= this.#ownRegions ? 1 : 0);
    this.#exactUntil = Array.from({ length: this.#regionCount }, () => 0n);
    const tables = Math.max(1, this.#regionCount * keys.length * TABLES_OF_A_KIND);
    const maps: BpfMap[] = [];
    const create = (size: number, name: string, entries: number) => {
      const map = BpfMap.createMappable(size, name, entries);
      maps.push(map);
      return map;
    };
    try {
      this.#regionMap = create(TRAFFIC_REGION.size, "traffic_regions", this.#regionCount);
      this.#tableMap = create(TABLE_WORDS * 4, "traffic_tables", tables);
      this.#regions = new BigUint64Array(this.#regionMap.mapValues());
      this.#tables = new Uint32Array(this.#tableMap.mapValues());
    } catch (error) {
      for (const map of maps) map.close();
      throw kernelError(`create ${tables} tables of heavy keys`, error);
    }
    this.#beginWindow();
  }

  /** Makes a capture program, before it is loaded, count here. */
  configure(object: BpfObject): void {
    const slots = new Uint8Array(TRAFFIC_KINDS);
    for (const [slot, key] of this.keys.entries()) slots[kindOf(key)] = slot;
    object.setUnsigned8("counts_traffic", 1);
    object.setUnsigned8(
      "traffic_kinds",
      this.keys.reduce((bits, key) => bits | (1 << kindOf(key)), 0),
    );
    object.setVariable("traffic_slots", slots);
    object.setUnsigned32("traffic_slot_count", this.keys.length);
    object.setUnsigned32("traffic_own_regions", this.#ownRegions);
    object.setVariable("traffic_seed", this.#seed);
    object.reuseMap("traffic_regions", this.#regionMap);
    object.reuseMap("traffic_tables", this.#tableMap);
  }

  totals(): TrafficTotals {
    return sumTotals(this.#regions, this.#regionCount);
  }

  window(most: number): TrafficWindow {
    return this.#read(this.#window, this.#began, readClocks().monotonic, most, this.#oneIn());
  }

  nextWindow(most: number): TrafficWindow {
    const ended = this.#window;
    const began = this.#began;
    const oneIn = this.#oneIn();
    this.#window++;
    this.#began = readClocks();
    this.#beginWindow();
    return this.#read(ended, began, this.#began.monotonic, most, oneIn);
  }

  #beginWindow(): void {
    for (const region of this.#exactUntil.keys()) {
      // Sampling begins with a whole group of packets.
      const exactUntil = roundUp(this.#keyed(region) + EXACT_PACKETS, BigInt(TRAFFIC_ONE_IN));
      this.#exactUntil[region] = exactUntil;
      Atomics.store(this.#regions, region * REGION_WORDS + TRAFFIC_REGION.exactUntil / 8, exactUntil);
      Atomics.store(this.#regions, region * REGION_WORDS + TRAFFIC_REGION.window / 8, BigInt(this.#window));
    }
  }

  #keyed(region: number): bigint {
    return Atomics.load(this.#regions, region * REGION_WORDS + TRAFFIC_REGION.keyed / 8);
  }

  /** One packet in so many was counted by its keys, in some part of the running window. */
  #oneIn(): number {
    const isSampled = this.#exactUntil.some((exactUntil, region) => this.#keyed(region) > exactUntil);
    return isSampled ? TRAFFIC_ONE_IN : 1;
  }

  #read(
    window: number,
    began: ReturnType<typeof readClocks>,
    until: bigint,
    most: number,
    oneIn: number,
  ): TrafficWindow {
    const tables = new Map<TrafficKey, TrafficTable>();
    for (const [slot, key] of this.keys.entries()) {
      const ofRegions = Array.from({ length: this.#regionCount }, (_, region) => {
        const index = (region * this.keys.length + slot) * TABLES_OF_A_KIND + (window % TABLES_OF_A_KIND);
        return this.#tables.subarray(index * TABLE_WORDS, (index + 1) * TABLE_WORDS);
      });
      tables.set(key, joinTables(ofRegions, key, window, most, oneIn));
    }
    const beganAt = began.monotonic + began.epochOffset;
    return { beganAt, seconds: Number(until - began.monotonic) / NANOSECONDS_PER_SECOND, tables };
  }

  /** Closes the maps. What was counted stays readable. */
  close(): void {
    this.#regionMap.close();
    this.#tableMap.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function roundUp(number: bigint, unit: bigint): bigint {
  return ((number + unit - 1n) / unit) * unit;
}
