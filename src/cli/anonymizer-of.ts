/** The map of --anonymize. */
import { Anonymizer, openKeyFile, randomKey } from "../anonymize/index.ts";
import { usageError } from "../errors.ts";
import type { AnonymizeFlags } from "./anonymize-options.ts";
import { sayNote, sayWarning } from "./messages.ts";

/**
 * Reads or makes the key, and says what comes of it.
 *
 * @returns undefined where nothing is anonymized
 * @throws RingcapError USAGE for a key without --anonymize, and as openKeyFile()
 */
export function anonymizerOf({ anonymize, anonymizeKey: path, quiet }: AnonymizeFlags): Anonymizer | undefined {
  if (!anonymize) {
    if (path !== undefined) throw usageError("--anonymize-key", "is the key of --anonymize", "add --anonymize");
    return undefined;
  }
  if (path === undefined) {
    if (!quiet) sayNote("the key is forgotten: other runs give other addresses; --anonymize-key <file> keeps it");
    return new Anonymizer(randomKey());
  }
  const { key, isNew, isOpen } = openKeyFile(path);
  if (isNew && !quiet) sayNote(`made the key ${path}: whoever has it finds the original addresses`);
  if (isOpen) sayWarning(`others may read the key ${path}: chmod 600 it`);
  return new Anonymizer(key);
}
