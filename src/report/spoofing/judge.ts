/** Judges with the evidence of all packets first, and then with that of the packets which the verdict is about. */
import type { SynTable } from "../analysis/syn-table.ts";
import type { PacketClass } from "../values.ts";
import type { Verdict, VerdictKind } from "../verdict/verdict.ts";
import type { SpoofingReport } from "./spoofing-report.ts";
import { spoofingReportOf } from "./spoofing-report-of.ts";
import type { Streams } from "./streams.ts";

/** The classes of which the packets of a flood are. The others are about all packets. */
const CLASSES: Partial<Record<VerdictKind, readonly PacketClass[]>> = {
  "syn-flood": ["syn"],
  "syn-ack-backscatter": ["synAck"],
  "rst-backscatter": ["rst"],
  "rst-flood": ["rst"],
  "ack-flood": ["ack", "tcpData"],
  "fin-flood": ["fin"],
  "tcp-flag-flood": ["tcpOther"],
  "udp-flood": ["udp"],
  "icmp-flood": ["icmp"],
  "icmp-backscatter": ["icmp"],
  "fragment-flood": ["fragment"],
  reflection: ["udp", "fragment"],
  "other-flood": ["otherIp"],
};

export function judge(
  streams: Streams,
  attempts: SynTable,
  verdictWith: (spoofing: SpoofingReport) => Verdict,
): { readonly verdict: Verdict; readonly spoofing: SpoofingReport } {
  const { timeline } = streams;
  const ofAll = spoofingReportOf(streams.ofClasses(), { classes: null, destination: null }, attempts, timeline.count);
  const first = verdictWith(ofAll);
  const classes = CLASSES[first.kind];
  if (classes === undefined) return { verdict: first, spoofing: ofAll };
  const { address = null } = first.target ?? {};
  const towards = address === null ? undefined : streams.towards(address, classes);
  const about = { classes, destination: towards === undefined ? null : address };
  const spoofing = spoofingReportOf(towards ?? streams.ofClasses(classes), about, attempts, timeline.count);
  return { verdict: verdictWith(spoofing), spoofing };
}
