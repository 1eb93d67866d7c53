/**
 * The evidence for and against spoofed sources. It is about the packets that the verdict is about, as far as their evidence was
 * kept apart: streams.ts says how. `about` says which ones that are.
 */
import type { Estimate, PacketClass } from "../values.ts";

export interface SpoofingReport {
  /**
   * The packets that the evidence is about: those of some classes, or of all where `classes` is null; and those towards a
   * destination, or towards all where `destination` is null.
   */
  readonly about: { readonly classes: readonly PacketClass[] | null; readonly destination: string | null };
  /**
   * Packets that the evidence is about. Those of a destination that became heavy late are counted from then on.
   */
  readonly packets: number;
  /** Exact up to 4096. */
  readonly uniqueSources: Estimate;
  /**
   * Of each interval of the rates: sources that were seen in it, with a standard error of 3.3 %, and sources that were seen for the
   * first time. Where packets are not in the order of their times, a source is new where it was read first.
   */
  readonly sourcesByInterval: readonly number[];
  readonly newSourcesByInterval: readonly number[];
  /** Packets for each source on average. */
  readonly packetsPerSource: number;
  /**
   * Shannon entropy in bits of what a packet has. Ports and IP ids are exact, which have at most 16 bits. Sources and
   * sequence numbers are exact up to 4096 different ones; beyond that they are counted in 16,384 groups, and have at most 14 bits.
   */
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
  /** TTLs or hop limits with their packets and sources, by packets, at most 20. Sources have a standard error of 6.5 %. */
  readonly ttls: readonly { readonly ttl: number; readonly packets: number; readonly sources: Estimate }[];
  /**
   * The share of attempts to connect, whatever their target, of which the SYN came again as real stacks send it, after 0.8 s or
   * later; null where there is no SYN.
   */
  readonly retransmittingShare: number | null;
  /**
   * Attempts to connect, whatever their target: those that a SYN-ACK answered, and those of which the client then acknowledged
   * the answer. They are estimates from one in `sampledOneIn` attempts, and exact where that is 1, as up to 131,072 attempts.
   */
  readonly handshakes: {
    readonly begun: number;
    readonly answered: number;
    readonly finished: number;
    readonly sampledOneIn: number;
  } | null;
}

export interface Entropy {
  readonly bits: number;
  /** The most bits that so many packets can have, as they are counted. */
  readonly mostBits: number;
}
