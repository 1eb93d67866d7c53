/** The rules that held in an incident, from when until when, and how far they went. */
import type { Firing } from "./observation.ts";

export interface HeldRule extends Firing {
  /** The largest value. */
  peak: number;
  /** Nanoseconds since the epoch. */
  readonly first: bigint;
  last: bigint;
}

/** Rules with their keys that are listed. A rule per key may hold for very many keys. */
const MOST = 100;

export class HeldRules {
  readonly #rules = new Map<string, HeldRule>();
  /** How often a rule was noted with a key that is not listed. The same key counts each time. */
  unlisted = 0;

  /** Notes the rules that hold at a time. @returns those that had not held before */
  note(firings: readonly Firing[], time: bigint): Firing[] {
    const added: Firing[] = [];
    for (const firing of firings) {
      const name = nameOf(firing);
      const known = this.#rules.get(name);
      if (known !== undefined) {
        known.peak = Math.max(known.peak, firing.value);
        known.last = time;
      } else if (this.#rules.size < MOST) {
        this.#rules.set(name, { ...firing, peak: firing.value, first: time, last: time });
        added.push(firing);
      } else {
        this.unlisted++;
      }
    }
    return added;
  }

  get list(): readonly HeldRule[] {
    return [...this.#rules.values()];
  }
}

export function nameOf({ rule, key = "" }: Firing): string {
  return `${rule} ${key}`;
}
