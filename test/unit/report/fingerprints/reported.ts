/** What the fingerprints of packets are. */
import type { FingerprintReport } from "../../../../src/report/fingerprints/fingerprint-report.ts";
import { Fingerprints } from "../../../../src/report/fingerprints/fingerprints.ts";
import { eachColumns, type TestPacket } from "../columns.ts";

/** @param most entries */
export function reported(packets: readonly TestPacket[], most?: number): FingerprintReport {
  const fingerprints = new Fingerprints();
  eachColumns(packets, (columns) => fingerprints.add(columns));
  return fingerprints.report(most);
}
