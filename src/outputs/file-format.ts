/** The bytes of one kind of capture file. A format knows no file, and a file knows no format. */
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { SinkNeeds } from "../pipeline/sink.ts";

export interface FileFormat {
  readonly needs: SinkNeeds;
  /**
   * Starts another file: what is kept of each file (interface ids, statistics) begins anew.
   *
   * @throws RingcapError USAGE for packets that the format cannot hold
   */
  start(description: SourceDescription): FileEncoder;
}

export interface FileEncoder {
  /** What every file begins with, so that each is complete in itself. */
  header(): Uint8Array;
  /**
   * The packets of a batch. A rotation may put the end of what is returned into the next file, behind a header of the same
   * description: no packet refers to bytes that encode() made before it.
   *
   * @returns memory of the encoder or of the batch, valid until the next call
   */
  encode(batch: PacketBatch): Uint8Array;
  /**
   * What a file ends with: interface statistics of pcapng, nothing of pcap.
   *
   * @param counters what the source says so far; undefined where it cannot say
   * @param written packets in this file
   */
  trailer(counters: CaptureCounters | undefined, written: number): Uint8Array;
  /**
   * How many whole packets the first `limit` bytes of encoded bytes hold, and where the last of them ends. The bytes may come
   * from a file that another program changed: bytes that are no record end the count.
   */
  wholeRecords(encoded: Uint8Array, limit: number): { records: number; bytes: number };
}
