/** The options by which a capture counts in the kernel. */
import { usageError } from "../../errors.ts";
import { oneOf } from "../../options/checks.ts";
import { TRAFFIC_KEYS, type TrafficKey } from "../../packets/traffic-counts.ts";

/** Bytes of rings that nothing is written into: one page. */
export const RING_SIZE_WITHOUT_RECORDS = 4096;

/** What the kernel counts of a capture. */
export interface CountOptions {
  /** By what packets are counted: each kind has a table of its own. */
  readonly keys: readonly TrafficKey[];
  /** Default: a capture that cannot count does not start. */
  readonly ifPossible?: boolean | undefined;
}

/** Each interface may take a program, and the kernel verifies one that counts for up to 130 ms longer. */
const COUNTED_INTERFACES_MAX = 8;

interface CountSettings {
  readonly countedKeys: readonly TrafficKey[] | undefined;
  readonly countsIfPossible: boolean;
}

/** @throws RingcapError USAGE */
export function checkCounts(counts: CountOptions | undefined): CountSettings {
  if (counts === undefined) return { countedKeys: undefined, countsIfPossible: false };
  const keys: unknown = counts.keys;
  if (!Array.isArray(keys)) throw usageError("counts", 'has no list of keys, such as { keys: ["src"] }');
  const countedKeys = [...new Set(keys.map((key) => oneOf("counts", key, TRAFFIC_KEYS, "src")))];
  return { countedKeys, countsIfPossible: counts.ifPossible ?? false };
}

/** Whether nothing has to be counted, although it was asked for. */
export function mayLeaveOutCounts({ countedKeys, countsIfPossible }: CountSettings): boolean {
  return countedKeys !== undefined && countsIfPossible;
}

/** Says why so many interfaces are better captured without counts; undefined where they are not. */
export function tooManyToCount(settings: CountSettings, interfaces: number): string | undefined {
  if (!mayLeaveOutCounts(settings) || interfaces <= COUNTED_INTERFACES_MAX) return undefined;
  return `there are more than ${COUNTED_INTERFACES_MAX} interfaces`;
}

/** Refuses what asks for packets where only counts leave the kernel. @throws RingcapError USAGE */
export function checkCountsAlone(options: {
  counts?: CountOptions | undefined;
  count?: unknown;
  process?: unknown;
}): void {
  const { counts } = options;
  if (counts === undefined) throw usageError("records", "leaves nothing of a capture without `counts`");
  if (counts.ifPossible) throw usageError("records", "leaves nothing of a capture whose `counts` are left out");
  const refused = options.count !== undefined ? "count" : options.process ? "process" : undefined;
  if (refused !== undefined) throw usageError(refused, "cannot be had without records of packets");
}
