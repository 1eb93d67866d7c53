/** What `ringcap replay --anonymize` does beside a replay. */
import { AnonymizedSource, Anonymizer, openKeyFile, randomKey } from "../anonymize/index.ts";
import { usageError } from "../errors.ts";
import type { ChecksumRepair } from "../outputs/index.ts";
import type { PacketSource } from "../pipeline/index.ts";
import { counted } from "./counted.ts";
import { sayNote, sayWarning } from "./messages.ts";
import type { ReplayFlags } from "./replay-options.ts";

export interface Anonymization {
  /** Returns the source whose packets have other addresses. */
  of(source: PacketSource, checksums: ChecksumRepair | undefined): PacketSource;
  /** Says at the end what was cut off. */
  sayWhatWasCut(): void;
}

/**
 * Reads or makes the key, and says what comes of it.
 *
 * @returns undefined where nothing is anonymized
 * @throws RingcapError USAGE for options that need --anonymize, and as openKeyFile()
 */
export function anonymizationOf(flags: ReplayFlags): Anonymization | undefined {
  const { anonymize, anonymizeKey: path, keepPayload = false, quiet = false } = flags;
  if (!anonymize) {
    if (path !== undefined) throw usageError("--anonymize-key", "is the key of --anonymize", "add --anonymize");
    if (keepPayload) {
      throw usageError("--keep-payload", "is about --anonymize", "leave it out: a replay keeps payloads");
    }
    return undefined;
  }
  const anonymizer = new Anonymizer(path === undefined ? randomKey() : keyOf(path, quiet));
  if (path === undefined && !quiet) {
    sayNote("the key is forgotten: other captures get other addresses; --anonymize-key <file> keeps it");
  }
  if (keepPayload) sayWarning("payloads are kept as they are, with the addresses and names in them");
  let source: AnonymizedSource | undefined;
  return {
    of: (original, checksums) => {
      source = new AnonymizedSource(original, anonymizer, { keepsPayload: keepPayload, checksums });
      return source;
    },
    sayWhatWasCut: () => {
      const count = source?.notUnderstood ?? 0;
      if (count > 0 && !quiet) {
        sayNote(`${counted(count, "packet")} cut where something begins in which addresses are not found`);
      }
    },
  };
}

function keyOf(path: string, quiet: boolean): Uint8Array {
  const { key, isNew, isOpen } = openKeyFile(path);
  if (isNew && !quiet) sayNote(`made the key ${path}: whoever has it finds the original addresses`);
  if (isOpen) sayWarning(`others may read the key ${path}: chmod 600 it`);
  return key;
}
