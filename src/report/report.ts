/**
 * What `ringcap report` says of captures: the one description that the page, the text and the JSON are made of
 * (schemas/report.schema.json). All text in it is as it came from the captures, and whoever shows it escapes it.
 *
 * Times are ISO 8601 with nanoseconds and a zone, such as "2026-11-28T07:40:09.123456789+01:00". Shares are from 0 to 1.
 */
import type { CompletenessReport, FileFacts } from "./completeness/completeness.ts";
import type { FingerprintReport } from "./fingerprints/fingerprint-report.ts";
import type { SpoofingReport } from "./spoofing/spoofing-report.ts";
import type { Amount, Estimate, PacketClass, RateMark } from "./values.ts";
import type { Verdict } from "./verdict/verdict.ts";

export interface RateSeries {
  readonly class: PacketClass;
  /** Packets and bytes of each interval. */
  readonly packets: readonly number[];
  readonly bytes: readonly number[];
}

export interface Rates {
  /** When the first interval begins; null where no packet has a time. */
  readonly begins: string | null;
  /** The length of each interval. Longer captures have longer ones, so that there are at most 600. */
  readonly intervalSeconds: number;
  /** The number of intervals. */
  readonly count: number;
  /** Classes without a packet are left out. */
  readonly series: readonly RateSeries[];
  /** The second with most packets, which need not be an interval; null where no packet has a time. */
  readonly peak: { readonly time: string; readonly packetsPerSecond: number; readonly bitsPerSecond: number } | null;
  readonly marks: readonly RateMark[];
}

export interface TopEntry extends Readonly<Amount> {
  /** An address, a network such as "192.0.2.0/24", a port, or "address port". */
  readonly key: string;
  /** Of all packets that have such a key. */
  readonly share: number;
  /** Of an MMDB file that was given. */
  readonly asn?: string;
  readonly country?: string;
}

export interface TopList {
  /** The entries with most packets, at most 20. */
  readonly entries: readonly TopEntry[];
  /** The most packets that an entry may be counted too high; 0 where all are exact. */
  readonly error: number;
  /** How many different keys there were. */
  readonly distinct: Estimate;
  /** Whether the first entry has a share of at least 0.05 and 10 times that of a key on average. */
  readonly hasDominant: boolean;
}

export interface Tops {
  readonly sources: TopList;
  /** IPv4 networks of 24 bits and IPv6 networks of 48. */
  readonly sourceNetworks: TopList;
  readonly destinations: TopList;
  readonly sourcePorts: TopList;
  readonly destinationPorts: TopList;
  /** Destination and its port, such as "192.0.2.1 443". */
  readonly services: TopList;
}

/** How the target answered, from the packets themselves and, of an incident, from the kernel of the host. */
export interface VictimReport {
  /** SYN-ACKs that the target sent. */
  readonly synAcks: number;
  /** RSTs that the target sent. */
  readonly rsts: number;
  /** Packets that the target sent. */
  readonly replies: number;
  /** SYNs of the same addresses, ports and sequence number as an earlier one, towards whichever destination. */
  readonly retransmittedSyns: Estimate;
  /** Of the kernel, where `watch` recorded the capture: see schemas/incident.schema.json. */
  readonly kernel: {
    readonly listenOverflows: number | null;
    readonly cookiesSent: number | null;
    readonly halfOpen: number | null;
  } | null;
}

/**
 * What happened in captures: the object that `ringcap report --json` prints (schemas/report.schema.json describes all
 * of it). Times are ISO 8601 with nanoseconds and a zone; shares are from 0 to 1. All text is as it came from the
 * captures: escape it.
 */
export interface Report {
  readonly version: 1;
  readonly kind: "ringcap-report";
  /** When the report was made. */
  readonly created: string;
  /** The version of ringcap that made it. */
  readonly ringcap: string;
  /** The command line. It is empty in an anonymized report. */
  readonly command: readonly string[];
  /** Whether addresses are replaced, see docs/report.md. */
  readonly anonymized: boolean;
  /** The filter of this report; null where all packets are reported. */
  readonly filter: string | null;
  /** The files in the order of their first packets, each with its times, packets, losses and faults. */
  readonly files: readonly FileFacts[];
  /** Numbers of packets, and the bytes that those that matched had on the wire. */
  readonly packets: {
    /** Packets that were read. */
    readonly read: number;
    /** Packets that passed the filter, which all else is about. */
    readonly matched: number;
    readonly bytes: number;
    readonly ipv4: number;
    readonly ipv6: number;
    readonly notIp: number;
    /** Packets whose headers are cut or wrong. They are counted by as much as can be read. */
    readonly malformed: number;
    readonly byClass: Readonly<Record<PacketClass, Amount>>;
  };
  /** The times of the earliest and of the latest packet; null where none has a time. */
  readonly span: { readonly first: string; readonly last: string; readonly seconds: number } | null;
  /** How far the captures can be trusted: what was lost, cut or sampled. */
  readonly completeness: CompletenessReport;
  /** What happened, in a sentence, with the reasons and how sure it is. */
  readonly verdict: Verdict;
  /** Packets and bytes over time, of each class. */
  readonly rates: Rates;
  /** What speaks for source addresses that are not those of the senders. */
  readonly spoofing: SpoofingReport;
  /** What the packets have in common. */
  readonly fingerprints: FingerprintReport;
  /** Who sent and received most. */
  readonly top: Tops;
  /** How the target answered; null where there is none. */
  readonly victim: VictimReport | null;
}
