/** The rules of a watch, which can be exchanged while it runs, and the usual rates that it learns beside them. */
import { Baseline } from "./baseline/baseline.ts";
import { BaselineFile } from "./baseline/baseline-file.ts";
import type { Firing, Observation } from "./observation.ts";
import type { Trigger } from "./triggers/trigger.ts";
import { TriggerSet } from "./triggers/trigger-set.ts";
import type { WatchTriggers } from "./watch-settings.ts";

export class WatchRules implements WatchTriggers {
  readonly #file: BaselineFile;
  readonly #baseline: Baseline;
  readonly #isInIncident: () => boolean;
  #list: readonly Trigger[];
  #triggers: TriggerSet;

  /**
   * Reads what was learnt before.
   *
   * @param path of the file of the usual rates @param isInIncident says whether an incident is recorded
   */
  constructor(triggers: readonly Trigger[], path: string, isInIncident: () => boolean, onNote: (note: string) => void) {
    this.#file = new BaselineFile(path, onNote);
    this.#baseline = new Baseline({ state: this.#file.read(), onNote });
    this.#isInIncident = isInIncident;
    this.#list = triggers;
    this.#triggers = new TriggerSet(triggers, this.#baseline);
  }

  begin(): void {
    this.exchange(this.#list);
  }

  get needsKeys(): boolean {
    return this.#triggers.needs.keys.length > 0;
  }

  observe(observation: Observation): readonly Firing[] {
    const firings = this.#triggers.observe(observation);
    this.#baseline.learn(observation, firings.length > 0 || this.#isInIncident());
    this.#file.saveWhenDue(observation.elapsed, () => this.#baseline.state());
    return firings;
  }

  /** The usual rate in packets a second; undefined while it is not known. @param time nanoseconds since the epoch */
  usual(time: bigint): number | undefined {
    return this.#baseline.usual("packets", time);
  }

  /** Asks other rules from now on. What was learnt stays. */
  exchange(triggers: readonly Trigger[]): void {
    this.#list = triggers;
    this.#triggers = new TriggerSet(triggers, this.#baseline);
  }

  /** Saves what was learnt. It never fails. */
  async close(): Promise<void> {
    await this.#file.save(this.#baseline.state());
  }
}
