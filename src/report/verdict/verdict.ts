/** What happened, in words, and what that rests on. */

export const VERDICT_KINDS = [
  "syn-flood",
  "syn-ack-backscatter",
  "rst-backscatter",
  "rst-flood",
  "ack-flood",
  "fin-flood",
  "tcp-flag-flood",
  "udp-flood",
  "icmp-flood",
  "icmp-backscatter",
  "fragment-flood",
  "reflection",
  "port-scan",
  "host-scan",
  "other-flood",
  "none",
] as const;

export type VerdictKind = (typeof VERDICT_KINDS)[number];

export interface Verdict {
  readonly kind: VerdictKind;
  /** One line, such as "SYN flood of 203.0.113.7 port 443, from spoofed sources". */
  readonly title: string;
  /** From 0 to 1. */
  readonly confidence: number;
  /** What was hit; null where there is no such one. Of a scan it is the network or host that was looked through. */
  readonly target: { readonly address: string; readonly port: number | null } | null;
  /** Of a reflection: the service by whose source port it came, such as "DNS", and its port. */
  readonly reflector: { readonly service: string; readonly port: number } | null;
  readonly begins: string | null;
  readonly ends: string | null;
  readonly seconds: number | null;
  /**
   * The second of the clock with most packets, of those from `begins` to `ends`, and when that second starts; of a capture of more
   * than ten minutes the average of an interval.
   */
  readonly peak: { readonly time: string; readonly packetsPerSecond: number } | null;
  /** Packets and bytes that are of the flood. */
  readonly packets: number;
  readonly bytes: number;
  readonly spoofed: {
    readonly is: "yes" | "likely" | "unlikely" | "no" | "unknown";
    /** From 0 to 1: how sure the word is. */
    readonly confidence: number;
    /** Each a whole sentence. */
    readonly reasons: readonly string[];
  };
  /** Each a whole sentence: what was seen, with numbers and units. */
  readonly reasons: readonly string[];
}
