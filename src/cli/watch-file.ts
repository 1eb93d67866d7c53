/** Mistakes in values that stand in the file of --config alone: they are a bad input, as those that reading it finds. */
import { RingcapError } from "../errors.ts";
import { configError, type WatchConfig } from "../flood/index.ts";
import { flagOf, messageInFlags } from "./option-words.ts";
import type { WatchFlags } from "./watch-options.ts";

/**
 * Returns what does a work that refuses options.
 *
 * @param config what the file says
 * @returns what the work returns; where it refuses an option that the command line does not have, the function throws
 *   RingcapError INPUT that names the file and the key
 */
export function blamingFile(flags: WatchFlags, config: WatchConfig): <T>(work: () => T) => T {
  return (work) => {
    try {
      return work();
    } catch (error) {
      if (flags.config === undefined || !(error instanceof RingcapError) || error.option === undefined) throw error;
      const flag = flagOf(error.option);
      const name = flag.slice(2).replaceAll(/-./g, ([, letter = ""]) => letter.toUpperCase());
      const key = name === "trigger" ? "triggers" : name;
      if (Object.hasOwn(flags, name) || !Object.hasOwn(config, key)) throw error;
      const message = messageInFlags(error).replace(`${flag}: `, "");
      const inFile = name === "trigger" ? "triggers" : flag.slice(2);
      throw configError(flags.config, `${inFile}: ${message}`, error, error.hint);
    }
  };
}
