/** All parts of the analysis, in the order in which they see the packets. */
import { PacketCounts } from "../counts/packet-counts.ts";
import { Fingerprints } from "../fingerprints/fingerprints.ts";
import type { Analysis } from "./analysis.ts";
import type { HeaderColumns } from "./header-columns.ts";

export class Analyses implements Analysis {
  readonly counts = new PacketCounts();
  readonly fingerprints = new Fingerprints();

  add(columns: HeaderColumns): void {
    this.counts.add(columns);
    this.fingerprints.add(columns);
  }
}
