/** What a verdict is made of: parts of the report, and the addresses that `EndpointTally` has followed. */
import type { CompletenessReport, FileFacts } from "../completeness/completeness.ts";
import type { FingerprintReport } from "../fingerprints/fingerprint-report.ts";
import type { Rates, Report } from "../report.ts";
import type { SpoofingReport } from "../spoofing/spoofing-report.ts";
import type { EndpointFacts } from "./endpoints/endpoint-facts.ts";

export interface VerdictFacts {
  readonly packets: Report["packets"];
  readonly span: Report["span"];
  /** The filter of the report; the filters of the captures are in `files`. */
  readonly filter: string | null;
  readonly files: readonly Pick<FileFacts, "interfaces">[];
  readonly completeness: Pick<CompletenessReport, "heldShare">;
  readonly rates: Pick<Rates, "begins" | "intervalSeconds" | "count" | "series">;
  readonly spoofing: SpoofingReport;
  readonly fingerprints: Pick<FingerprintReport, "packets" | "distinct" | "entries">;
  /** By packets, at most 128. See EndpointTally. */
  readonly endpoints: readonly EndpointFacts[];
}
