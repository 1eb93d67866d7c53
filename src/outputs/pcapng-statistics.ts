/**
 * Makes the statistics of each interface that a pcapng file ends with. They count what happened since the file before.
 */
import type { CaptureCounters, InterfaceCounters, SourceDescription } from "../packets/captured.ts";
import type { StatisticsFields } from "../pcap-writer/index.ts";

type Totals = Pick<CaptureCounters, "sampledOut" | "rateLimited" | "overLimit">;

const NANOSECONDS_OF_A_MILLISECOND = 1_000_000n;
const NO_PACKETS: InterfaceCounters = { seen: 0, matched: 0, ringDropped: 0 };
const NO_TOTALS: Totals = { sampledOut: 0, rateLimited: 0, overLimit: 0 };

/** What was counted up to a moment. */
export interface StatisticsMark {
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  /** By the index of the interface. */
  readonly interfaces: ReadonlyMap<number, InterfaceCounters>;
  readonly totals: Totals;
}

/** One object makes the statistics of all files of a capture, one file after the other. */
export class FileStatistics {
  #start: bigint;
  #told: ReadonlyMap<number, InterfaceCounters>;
  #toldTotals: Totals;

  /** @param since where the first file begins; default: the present time, with nothing counted */
  constructor(since: StatisticsMark = { time: now(), interfaces: new Map(), totals: NO_TOTALS }) {
    this.#start = since.time;
    this.#told = since.interfaces;
    this.#toldTotals = since.totals;
  }

  /**
   * Returns the statistics of the file that ends.
   *
   * @param written packets in the file, by the place of their origin in the description
   * @returns the statistics by the place of the origin
   */
  next(
    { origins, interfaceCounters }: SourceDescription,
    counters: CaptureCounters | undefined,
    written: ArrayLike<number>,
  ): Map<number, StatisticsFields> {
    const end = now();
    const counted = whereTold(interfaceCounters) ?? countersOfOne(origins, counters);
    const fields = new Map<number, StatisticsFields>();
    for (const [place, { index }] of origins.entries()) {
      const { seen, matched, ringDropped, interfaceDropped } = counted.get(index) ?? NO_PACKETS;
      const before = this.#told.get(index) ?? NO_PACKETS;
      fields.set(place, {
        start: this.#start,
        end,
        delivered: written[place] ?? 0,
        ...(counted.has(index)
          ? {
              received: seen - before.seen,
              accepted: matched - before.matched,
              osDropped: ringDropped - before.ringDropped,
              interfaceDropped:
                interfaceDropped === undefined ? undefined : interfaceDropped - (before.interfaceDropped ?? 0),
            }
          : undefined),
        // These are sums of all interfaces, because packets beyond the wanted number are not counted by interface.
        comment: place === 0 ? this.#commentOn(counters ?? this.#toldTotals) : undefined,
      });
    }
    this.#told = counted;
    this.#toldTotals = counters ?? this.#toldTotals;
    this.#start = end;
    return fields;
  }

  #commentOn({ sampledOut, rateLimited, overLimit }: Totals): string | undefined {
    const before = this.#toldTotals;
    const parts = [
      ["sampled out", sampledOut - before.sampledOut],
      ["beyond the rate limit", rateLimited - before.rateLimited],
      ["beyond the wanted number", overLimit - before.overLimit],
    ].filter(([, count]) => count !== 0);
    if (parts.length === 0) return undefined;
    return `of all interfaces: ${parts.map(([what, count]) => `${count} ${what}`).join(", ")}`;
  }
}

/**
 * Returns the counters of each interface. It is undefined where the kernel does not tell them, in which case the file
 * is written without them.
 */
function whereTold(
  counters: SourceDescription["interfaceCounters"],
): ReadonlyMap<number, InterfaceCounters> | undefined {
  try {
    return counters?.();
  } catch {
    return undefined;
  }
}

/** Returns the capture's counters as those of its origin, where it has only one. */
function countersOfOne(
  origins: SourceDescription["origins"],
  counters: CaptureCounters | undefined,
): ReadonlyMap<number, InterfaceCounters> {
  const [only, another] = origins;
  if (only === undefined || another !== undefined || counters === undefined) return new Map();
  return new Map([[only.index, counters]]);
}

function now(): bigint {
  return BigInt(Date.now()) * NANOSECONDS_OF_A_MILLISECOND;
}
