/** The names of options. */
import { usageError } from "../errors.ts";

/** Refuses unknown options. A misspelt option would otherwise be ignored silently. @throws RingcapError USAGE */
export function refuseUnknown(options: object, known: Readonly<Record<string, true>>): void {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name)) {
      throw usageError(name, "there is no such option", `options are ${Object.keys(known).join(", ")}`);
    }
  }
}
