/** The heaviest keys of an incident, from the tables of its seconds. */
import {
  likelyMost,
  TRAFFIC_KEYS,
  type TrafficEntry,
  type TrafficKey,
  type TrafficWindow,
} from "../packets/traffic-counts.ts";

export interface TopTable {
  readonly entries: TrafficEntry[];
  /** A key that is not among the entries had no more packets than this. */
  readonly missedAtMost: number;
  /** The largest `oneIn` of the seconds: 1 where every packet was counted by its key. */
  readonly oneIn: number;
}

export type TopTables = Partial<Record<TrafficKey, TopTable>>;

interface Sum {
  packets: number;
  bytes: number;
  syns: number;
  error: number;
  /** The square of the standard error of `packets`. */
  variance: number;
  /** What the windows missed at most until the key's last window. */
  missed: number;
}

/** Keys of a kind that are kept. The lightest half goes when there are twice as many. */
const KEPT = 1000;
const NANOSECONDS_PER_SECOND = 1e9;

export class TopKeys {
  readonly #from: bigint;
  readonly #sums = new Map<TrafficKey, Map<string, Sum>>();
  /** Of each kind: packets that a key had at most in the windows in which it was not among the entries. */
  readonly #missed = new Map<TrafficKey, number>();
  /** Of each kind: packets that a key which was let go had at most, beside those that #missed has. */
  readonly #letGo = new Map<TrafficKey, number>();
  readonly #oneIn = new Map<TrafficKey, number>();

  /** @param from the moment from which on packets count, in nanoseconds since the epoch */
  constructor(from: bigint) {
    this.#from = from;
  }

  /** Adds a window as far as it lies behind that moment. */
  add(window: TrafficWindow): void {
    const end = window.beganAt + BigInt(Math.round(window.seconds * NANOSECONDS_PER_SECOND));
    if (end <= this.#from) return;
    this.#add(window.beganAt >= this.#from ? window : withoutCertainty(window));
  }

  #add(window: TrafficWindow): void {
    for (const [kind, { entries, missedAtMost, oneIn }] of window.tables) {
      this.#oneIn.set(kind, Math.max(oneIn, this.#oneIn.get(kind) ?? 1));
      const sums = this.#sums.get(kind) ?? new Map<string, Sum>();
      this.#sums.set(kind, sums);
      const missedBefore = this.#missed.get(kind) ?? 0;
      this.#missed.set(kind, missedBefore + missedAtMost);
      for (const { key, packets, bytes, syns, error, standardError } of entries) {
        const none = { packets: 0, bytes: 0, syns: 0, variance: 0, missed: 0 };
        const sum = sums.get(key) ?? { ...none, error: this.#letGo.get(kind) ?? 0 };
        sum.packets += packets;
        sum.bytes += bytes;
        sum.syns += syns;
        sum.error += error + (missedBefore - sum.missed);
        sum.variance += standardError ** 2;
        sum.missed = missedBefore + missedAtMost;
        sums.set(key, sum);
      }
      if (sums.size > 2 * KEPT) this.#letLightestGo(kind, sums);
    }
  }

  #letLightestGo(kind: TrafficKey, sums: Map<string, Sum>): void {
    const sorted = [...sums].sort(([, a], [, b]) => b.packets - a.packets);
    for (const [key, { packets, error, variance, missed }] of sorted.slice(KEPT)) {
      const most = likelyMost(packets + error, Math.sqrt(variance));
      this.#letGo.set(kind, Math.max(this.#letGo.get(kind) ?? 0, most - missed));
      sums.delete(key);
    }
  }

  /** Returns the heaviest keys of each kind. @param most of a kind: 20, as in the report */
  top(most = 20): TopTables {
    const tables: TopTables = {};
    for (const kind of TRAFFIC_KEYS) {
      const sums = this.#sums.get(kind);
      if (sums === undefined) continue;
      const missed = this.#missed.get(kind) ?? 0;
      const sorted = [...sums]
        .map(([key, sum]) => ({
          key,
          packets: sum.packets,
          bytes: sum.bytes,
          syns: sum.syns,
          error: sum.error + (missed - sum.missed),
          standardError: Math.round(Math.sqrt(sum.variance)),
        }))
        .sort((a, b) => b.packets - a.packets);
      const entries = sorted.filter(({ packets }) => packets > 0).slice(0, most);
      const others = sorted
        .slice(entries.length)
        .map(({ packets, error, standardError }) => likelyMost(packets + error, standardError));
      const missedAtMost = Math.max(missed + (this.#letGo.get(kind) ?? 0), ...others);
      tables[kind] = { entries, missedAtMost, oneIn: this.#oneIn.get(kind) ?? 1 };
    }
    return tables;
  }
}

/** Of a window that began before, nobody knows how many of its packets came behind the moment. */
function withoutCertainty(window: TrafficWindow): TrafficWindow {
  const tables = [...window.tables].map(([kind, table]) => {
    const entries = table.entries.map(({ key, packets, error, standardError }) => {
      const most = likelyMost(packets + error, standardError);
      return { key, packets: 0, bytes: 0, syns: 0, error: most, standardError: 0 };
    });
    return [kind, { ...table, entries }] as const;
  });
  return { ...window, tables: new Map(tables) };
}
