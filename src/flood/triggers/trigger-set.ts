/** The rules of a watch: which of them hold at the moment. */
import type { Firing, Observation } from "../observation.ts";
import { HeaviestKeys } from "./heaviest-keys.ts";
import { SlidingCount } from "./sliding-count.ts";
import { type Subject, type TrafficSubject, totalOf } from "./subjects.ts";
import { needsOf, type Trigger, type TriggerNeeds } from "./trigger.ts";

/** What rules that compare with the usual are told; Baseline learns it. */
export interface UsualRates {
  /** @param time nanoseconds since the epoch @returns packets or bytes a second; undefined while nothing is learnt */
  usual(subject: TrafficSubject, time: bigint): number | undefined;
}

interface RuleState {
  readonly trigger: Trigger;
  /** Since when the condition has held without a pause, in seconds of `elapsed`; undefined while it does not hold. */
  since: number | undefined;
}

/** What was measured for a condition, and the value that it must exceed. */
type Measured = Omit<Firing, "rule"> & { readonly holds: boolean };

export class TriggerSet {
  readonly needs: TriggerNeeds;
  readonly #rules: readonly RuleState[];
  readonly #counts = new Map<Subject, SlidingCount>();
  readonly #keys = new HeaviestKeys();
  readonly #usual: UsualRates;

  constructor(triggers: readonly Trigger[], usual: UsualRates) {
    this.needs = needsOf(triggers);
    this.#usual = usual;
    this.#rules = triggers.map((trigger) => ({ trigger, since: undefined }));
    for (const { condition } of triggers) {
      if (condition.kind !== "key") this.#counts.set(condition.subject, new SlidingCount());
      if (condition.kind === "ratio") this.#counts.set(condition.other, new SlidingCount());
    }
  }

  /**
   * Looks at the numbers of the moment. The first look is where rates begin, so it should come before any packet.
   *
   * @returns the rules that hold, in the order in which they were given. A rule is among them at every look for as
   *   long as it holds; there is no hysteresis.
   */
  observe(observation: Observation): readonly Firing[] {
    const { elapsed } = observation;
    for (const [subject, count] of this.#counts) {
      const total = totalOf(subject, observation);
      if (total !== undefined) count.add(elapsed, total);
    }
    this.#keys.observe(observation.window);
    const firings: Firing[] = [];
    for (const rule of this.#rules) {
      const { holds, ...measured } = this.#measure(rule.trigger, observation.time);
      rule.since = holds ? (rule.since ?? elapsed) : undefined;
      const lasts = rule.since !== undefined && elapsed - rule.since >= rule.trigger.forSeconds;
      if (lasts) firings.push({ rule: rule.trigger.text, ...measured });
    }
    return firings;
  }

  #measure({ condition }: Trigger, time: bigint): Measured {
    switch (condition.kind) {
      case "rate":
        return exceeding(this.#rate(condition.subject), condition.perSecond);
      case "key": {
        const heaviest = this.#keys.heaviest(condition.key, condition.subject);
        return { ...exceeding(heaviest?.perSecond ?? 0, condition.perSecond), key: heaviest?.key };
      }
      case "usual": {
        const usual = this.#usual.usual(condition.subject, time);
        const value = this.#rate(condition.subject);
        if (usual === undefined) return { holds: false, value, threshold: condition.floor };
        return { ...exceeding(value, Math.max(usual * condition.times, condition.floor)), usual };
      }
      case "ratio": {
        const rate = this.#rate(condition.subject);
        const measured = exceeding(rate / Math.max(1, this.#rate(condition.other)), condition.ratio);
        return { ...measured, holds: measured.holds && rate > condition.floor };
      }
    }
  }

  #rate(subject: Subject): number {
    return this.#counts.get(subject)?.lastSecond ?? 0;
  }
}

function exceeding(value: number, threshold: number): Measured {
  return { holds: value > threshold, value, threshold };
}
