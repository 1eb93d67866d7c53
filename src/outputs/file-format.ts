/** The bytes of one kind of capture file. A format knows no file, and a file knows no format. */
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { SinkNeeds } from "../pipeline/sink.ts";

export interface FileFormat {
  readonly needs: SinkNeeds;
  /**
   * Starts another file. What is kept for each file (interface ids, statistics) begins anew.
   *
   * @throws RingcapError USAGE for packets that the format cannot hold
   */
  start(description: SourceDescription): FileEncoder;
}

export interface FileEncoder {
  /**
   * Returns the bytes with which the file begins. Every file of a series has them, so that each is complete in itself.
   */
  header(): Uint8Array;
  /**
   * Encodes the packets of a batch. A rotation may put the last of them into the next file, behind a header of the same
   * description. Therefore no packet refers to bytes of an earlier encode().
   *
   * @returns memory of the encoder or of the batch, valid until the next call
   */
  encode(batch: PacketBatch): Uint8Array;
  /**
   * Returns the bytes with which the file ends: the interface statistics of pcapng, and nothing for pcap.
   *
   * @param counters the counters of the source so far; undefined where the source cannot tell them
   * @param written packets in this file
   */
  trailer(counters: CaptureCounters | undefined, written: number): Uint8Array;
  /**
   * Counts the whole packets among the first `limit` encoded bytes, and the bytes up to the end of the last of them.
   * The count ends at bytes that are no record, because the bytes may come from a file that another program changed.
   */
  wholeRecords(encoded: Uint8Array, limit: number): { records: number; bytes: number };
}
