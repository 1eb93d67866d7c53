/** What `ringcap replay --anonymize` does beside a replay. */
import { AnonymizedSource } from "../anonymize/index.ts";
import { usageError } from "../errors.ts";
import type { ChecksumRepair } from "../outputs/index.ts";
import type { PacketSource } from "../pipeline/index.ts";
import { anonymizerOf } from "./anonymizer-of.ts";
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
 * @throws RingcapError as anonymizerOf(); USAGE for options that need --anonymize
 */
export function anonymizationOf(flags: ReplayFlags): Anonymization | undefined {
  const { keepPayload = false, quiet = false } = flags;
  const anonymizer = anonymizerOf(flags);
  if (anonymizer === undefined) {
    if (!keepPayload) return undefined;
    throw usageError("--keep-payload", "is about --anonymize", "leave it out: a replay keeps payloads");
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
      if (count === 0 || quiet) return;
      sayNote(`${counted(count, "packet")} cut where something begins that may hold addresses which are not found`);
    },
  };
}
