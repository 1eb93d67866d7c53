/** Makes the list of the keys with most packets. */
import type { TopEntry, TopList } from "../report.ts";
import type { Estimate } from "../values.ts";

const DOMINANT_SHARE = 0.05;
/** How many times as many packets as a key has on average. */
const DOMINANT_TIMES = 10;

/** @param packets of all keys @param error by which an entry may be too high, in packets */
export function topListOf(
  entries: readonly Omit<TopEntry, "share">[],
  packets: number,
  distinct: Estimate,
  error: number,
): TopList {
  const [first] = entries;
  const least = first === undefined ? 0 : first.packets - error;
  const isHeavy = least >= DOMINANT_SHARE * packets && least * distinct.value >= DOMINANT_TIMES * packets;
  return {
    entries: entries.map((entry) => ({ ...entry, share: Math.min(1, entry.packets / packets) })),
    error,
    distinct,
    hasDominant: first !== undefined && isHeavy,
  };
}
