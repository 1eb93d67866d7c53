/** Checksums that the kernel leaves to the network card. */
import { addon } from "./addon.ts";

export interface CompletedChecksums {
  /** Packets of which a checksum was completed. */
  completed: number;
  /** Packets of which a checksum could not be completed, because bytes that it covers were not captured. */
  cut: number;
}

/**
 * Completes the checksums of packets that were captured before the network card computed them. In these the field holds
 * the sum of the pseudo header (TCP, UDP, DCCP, ICMPv6), or zero in SCTP. All other packets stay as they are.
 *
 * @param records of a pcap file, as packRecords() lays them out; changed in place
 * @param linkType LINKTYPE_ number; of one that is not known nothing is changed
 */
export function completeChecksums(records: Uint8Array, count: number, linkType: number): CompletedChecksums {
  return addon().completeChecksums(records, count, linkType);
}
