/** Reads the configuration of a watch again, at SIGHUP. */
import {
  keysForRestart,
  type Recorder,
  readWatchConfig,
  type Trigger,
  type WatchConfig,
  type WatchRules,
} from "../flood/index.ts";
import type { ServiceNotifier } from "../host/index.ts";
import { sayError, sayNote } from "./messages.ts";
import { blamingFile } from "./watch-file.ts";
import type { WatchFlags } from "./watch-options.ts";
import { toWatchValues } from "./watch-values.ts";

interface Reloaded {
  readonly flags: WatchFlags;
  /** What the file said at the start. */
  readonly config: WatchConfig;
  /** Refuses rules that the capture cannot measure. */
  readonly checkRules: (triggers: readonly Trigger[]) => void;
  readonly recorder: Recorder;
  readonly notifier: ServiceNotifier;
  readonly rules: () => WatchRules | undefined;
  readonly onNote: ((note: string) => void) | undefined;
}

/** Returns what a SIGHUP does. A file with a mistake is told, and changes nothing. */
export function reloader({ flags, config, checkRules, recorder, notifier, rules, onNote }: Reloaded): () => void {
  return () => {
    const present = rules();
    if (flags.config === undefined || present === undefined) return;
    notifier.reloading();
    try {
      const next = readWatchConfig(flags.config);
      const values = blamingFile(
        flags,
        next,
      )(() => {
        const read = toWatchValues(flags, next);
        checkRules(read.triggers);
        return read;
      });
      present.exchange(values.triggers);
      recorder.setTimes(values);
      const others = keysForRestart(config, next);
      onNote?.(`${flags.config} was read again`);
      if (others.length > 0) onNote?.(`of ${flags.config}, these take a new start: ${others.join(", ")}`);
    } catch (error) {
      sayError(error);
      sayNote(`${flags.config} changes nothing: the rules and times stay as they were`);
    }
    notifier.ready();
  };
}
