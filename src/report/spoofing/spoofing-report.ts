/** The evidence for and against spoofed sources. Everything is about the packets towards the target of the verdict, or about all packets where there is no target. */
import type { Estimate } from "../values.ts";

export interface SpoofingReport {
  /** Packets that the evidence is about. */
  readonly packets: number;
  readonly uniqueSources: Estimate;
  /** Of each interval of the rates: sources that were seen in it, and sources that were seen for the first time. */
  readonly sourcesByInterval: readonly number[];
  readonly newSourcesByInterval: readonly number[];
  /** Packets for each source on average. */
  readonly packetsPerSource: number;
  /** Shannon entropy in bits of what a packet has, and the most that the number of packets allows. */
  readonly entropy: {
    readonly sources: Entropy;
    readonly sourcePorts: Entropy;
    readonly sequenceNumbers: Entropy;
    readonly ipIds: Entropy;
  };
  /** IPv4 packets of each first byte of the source, 256 numbers. */
  readonly firstBytes: readonly number[];
  /** Packets from addresses that cannot be on the internet (IANA's registries of special addresses), by block. */
  readonly bogons: readonly { readonly block: string; readonly what: string; readonly packets: number }[];
  readonly bogonShare: number;
  /** TTLs or hop limits with their packets and sources, by packets, at most 20. */
  readonly ttls: readonly { readonly ttl: number; readonly packets: number; readonly sources: Estimate }[];
  /** Sources that sent a SYN again as a real stack does, after 0.8 s or later, as a share of the sources of SYNs. */
  readonly retransmittingShare: number | null;
  /** Handshakes: SYNs that were answered, and those of which the client then acknowledged the answer. */
  readonly handshakes: { readonly begun: number; readonly answered: number; readonly finished: number } | null;
}

export interface Entropy {
  readonly bits: number;
  /** The most bits that so many packets can have. */
  readonly mostBits: number;
}
