/** Checks the options of a watch and its file, before anything of the host is touched. */
import type { CaptureOptions } from "../capture/index.ts";
import { IncidentProgram, readWatchConfig, type Trigger, type WatchConfig } from "../flood/index.ts";
import { toFilterOptions } from "./filter-options.ts";
import { toInterfaceOptions } from "./interface-options.ts";
import { sayWarning } from "./messages.ts";
import { refuseWithoutPublish } from "./nats-options.ts";
import { blamingFile } from "./watch-file.ts";
import { countsFor, ruleCheck } from "./watch-needs.ts";
import type { WatchFlags } from "./watch-options.ts";
import { toWatchValues, type WatchValues } from "./watch-values.ts";

export interface WatchPlan {
  /** What the file of --config says; empty without one. */
  readonly config: WatchConfig;
  readonly values: WatchValues;
  readonly options: CaptureOptions;
  readonly program: IncidentProgram;
  /** Refuses rules that the capture cannot measure, which is called for other rules later too. */
  readonly checkRules: (triggers: readonly Trigger[]) => void;
  /** Does a work, whose refusals name the file where it is the file that has the mistake. */
  readonly blaming: <T>(work: () => T) => T;
}

/** @throws RingcapError USAGE, or INPUT for a mistake of the file */
export function planWatch(expression: readonly string[], flags: WatchFlags): WatchPlan {
  refuseWithoutPublish(flags);
  const config: WatchConfig = flags.config === undefined ? {} : readWatchConfig(flags.config);
  const blaming = blamingFile(flags, config);
  const values = blaming(() => toWatchValues(flags, config));
  const options = {
    ...toInterfaceOptions(flags),
    adjustableSampling: true,
    counts: countsFor(flags.hook),
    filter: toFilterOptions(flags, expression),
  };
  const checkRules = ruleCheck(options);
  blaming(() => checkRules(values.triggers));
  const program = blaming(() => new IncidentProgram(values.onIncident, sayWarning));
  return { config, values, options, program, checkRules, blaming };
}
