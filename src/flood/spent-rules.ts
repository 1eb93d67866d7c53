/**
 * The rules that held when an incident ended all the same, because it lasted too long or could not be written. A flood
 * of hours would otherwise fill one incident after the other. They begin another incident when they have let go.
 */
import type { Firing } from "./observation.ts";

export class SpentRules {
  #rules = new Set<string>();
  #letGoAt = 0;

  /** Seconds without any of them after which they have let go. */
  after: number;

  constructor(after: number) {
    this.after = after;
  }

  /** Keeps rules from beginning another incident. */
  spend(firings: readonly Firing[], elapsed: number): void {
    this.#rules = new Set(firings.map(({ rule }) => rule));
    this.#letGoAt = elapsed + this.after;
  }

  /** Whether rules that hold begin an incident. It is asked at each look, also where none holds. */
  mayBegin(firings: readonly Firing[], elapsed: number): boolean {
    if (firings.some(({ rule }) => this.#rules.has(rule))) this.#letGoAt = elapsed + this.after;
    else if (elapsed >= this.#letGoAt) this.#rules.clear();
    return firings.some(({ rule }) => !this.#rules.has(rule));
  }
}
