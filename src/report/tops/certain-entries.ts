/** Which keys of a list have surely been heavy: the others may be ones of a packet that came late into a full table. */
import type { TopEntry, TopList } from "../report.ts";

export interface CertainEntries {
  readonly entries: readonly TopEntry[];
  /** Packets that no other key exceeds; null where none was left out. */
  readonly others: number | null;
}

/** Leaves out the keys of which less than half of the packets are certain. */
export function certainEntries({ entries, error }: TopList): CertainEntries {
  const isCertain = ({ packets }: TopEntry) => packets >= 2 * error;
  const [first] = entries.filter((entry) => !isCertain(entry));
  return { entries: entries.filter(isCertain), others: first?.packets ?? null };
}
