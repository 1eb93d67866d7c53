/** The heaviest key of a table in the last second. */
import type { TrafficEntry, TrafficKey, TrafficWindow } from "../../packets/traffic-counts.ts";
import { type KeySubject, leastOf } from "./subjects.ts";

export interface KeyRate {
  readonly key: string;
  /** Packets or bytes a second. */
  readonly perSecond: number;
}

const WINDOW_SECONDS = 1;
const NO_ENTRIES: readonly TrafficEntry[] = [];

/**
 * Remembers the window before the running one, so that a rate does not begin at zero with each window. Windows should
 * be a second long, and may be looked at any number of times. In a longer one, the rate is the average.
 */
export class HeaviestKeys {
  #running: TrafficWindow | undefined;
  #before: TrafficWindow | undefined;

  observe(window: TrafficWindow | undefined): void {
    if (window === undefined) this.#before = undefined;
    else if (window.beganAt !== this.#running?.beganAt) this.#before = this.#running;
    this.#running = window;
  }

  /** Returns undefined where no key had packets. */
  heaviest(key: TrafficKey, subject: KeySubject): KeyRate | undefined {
    const [running, before] = [this.#running, this.#before];
    if (running === undefined) return undefined;
    const counts = new Map<string, number>();
    // The part of the last second that lies before the running window.
    const rest = WINDOW_SECONDS - running.seconds;
    if (before !== undefined && rest > 0)
      addCounts(counts, before, key, subject, rest / Math.max(rest, before.seconds));
    addCounts(counts, running, key, subject, 1);
    let heaviest: KeyRate | undefined;
    for (const [name, count] of counts) {
      const perSecond = count / Math.max(WINDOW_SECONDS, running.seconds);
      if (heaviest === undefined || perSecond > heaviest.perSecond) heaviest = { key: name, perSecond };
    }
    return heaviest;
  }
}

function addCounts(
  counts: Map<string, number>,
  { tables }: TrafficWindow,
  key: TrafficKey,
  subject: KeySubject,
  part: number,
): void {
  for (const entry of tables.get(key)?.entries ?? NO_ENTRIES) {
    counts.set(entry.key, (counts.get(entry.key) ?? 0) + leastOf(subject, entry) * part);
  }
}
