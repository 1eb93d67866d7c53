/** The options by which a capture counts in the kernel. */
import { usageError } from "../../errors.ts";
import { oneOf } from "../../options/checks.ts";
import { TRAFFIC_KEYS, type TrafficKey } from "../../packets/traffic-counts.ts";

/** Bytes of rings that nothing is written into: one page. */
export const RING_SIZE_WITHOUT_RECORDS = 4096;

/** @throws RingcapError USAGE */
export function checkCounts(counts: { keys: readonly TrafficKey[] } | undefined): readonly TrafficKey[] | undefined {
  if (counts === undefined) return undefined;
  const keys: unknown = counts.keys;
  if (!Array.isArray(keys)) throw usageError("counts", 'has no list of keys, such as { keys: ["src"] }');
  return [...new Set(keys.map((key) => oneOf("counts", key, TRAFFIC_KEYS, "src")))];
}

/** Refuses what asks for packets where only counts leave the kernel. @throws RingcapError USAGE */
export function checkCountsAlone(options: { counts?: unknown; count?: unknown; process?: unknown }): void {
  if (options.counts === undefined) throw usageError("records", "leaves nothing of a capture without `counts`");
  const refused = options.count !== undefined ? "count" : options.process ? "process" : undefined;
  if (refused !== undefined) throw usageError(refused, "cannot be had without records of packets");
}
