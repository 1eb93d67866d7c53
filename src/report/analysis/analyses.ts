/** All parts of the analysis, in the order in which they see the packets. */
import { PacketCounts } from "../counts/packet-counts.ts";
import { Fingerprints } from "../fingerprints/fingerprints.ts";
import { RateTable } from "../rates/rate-table.ts";
import { Timeline } from "../rates/timeline.ts";
import { Streams } from "../spoofing/streams.ts";
import { TopTables } from "../tops/top-tables.ts";
import { EndpointTally } from "../verdict/endpoints/endpoint-tally.ts";
import type { Analysis } from "./analysis.ts";
import type { HeaderColumns } from "./header-columns.ts";

export class Analyses implements Analysis {
  readonly timeline = new Timeline();
  readonly counts = new PacketCounts();
  readonly rates = new RateTable(this.timeline);
  readonly tops = new TopTables();
  readonly spoofing = new Streams(this.timeline);
  readonly endpoints = new EndpointTally();
  readonly fingerprints = new Fingerprints();

  add(columns: HeaderColumns): void {
    this.timeline.place(columns);
    this.counts.add(columns);
    this.rates.add(columns);
    this.tops.add(columns);
    this.spoofing.add(columns);
    this.endpoints.add(columns);
    this.fingerprints.add(columns);
  }
}
