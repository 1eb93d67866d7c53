/** A sink: where packets go. */
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";

/**
 * The needs of a sink. They are known before the programs are loaded, so that the programs lay packets out as the sink
 * wants them.
 */
export interface SinkNeeds {
  /** The unit of its time stamps in nanoseconds. */
  readonly timeUnit: 1 | 1000;
  /**
   * Whether each packet has to come with its origin, and with the number of packets that were lost before it. pcapng
   * has a place for both.
   */
  readonly origin?: true;
  /**
   * Whether it writes packets as enhanced packet blocks of a pcapng file with times in nanoseconds, and changes none of
   * them. A source of one interface may then yield batches of such blocks.
   */
  readonly packetBlocks?: true;
  /**
   * Whether it takes the blocks of a pcapng file that is read. Batches then have packets of several link types and of
   * any time.
   */
  readonly blocks?: true;
  /** Whether it completes the checksums of packets that are captured before the kernel or the network card does. */
  readonly completesChecksums?: true;
  /** Whether it cannot be told to complete them either. */
  readonly leavesChecksums?: true;
  /**
   * Returns the most milliseconds from one batch to the next. A capture yields an empty batch where no packet came.
   */
  readonly pause?: () => number;
  /**
   * The reason why it has no place for the process of a packet, such as "a pcap file has no place for processes";
   * undefined where it has one.
   */
  readonly withoutProcesses?: string;
}

/** The needs of sinks that read packets field by field. */
export const ANY_LAYOUT: SinkNeeds = { timeUnit: 1 };

/** Numbers of a user and a group. */
export interface FileOwner {
  readonly user: number;
  readonly group: number;
  /** Supplementary groups of a user; undefined where it is the owner of a file. */
  readonly groups?: readonly number[];
}

/** What became of the files of a rotated capture. */
export interface RotationCounts {
  readonly written: number;
  /** Older files that were removed, so that no more than the limits is kept. */
  readonly removed: number;
  /** Files for which the program of --on-file failed, or was not run. */
  readonly onFileFailed: number;
}

export interface PacketSink {
  readonly needs: SinkNeeds;
  /** Packets that are written for certain. */
  readonly packetsWritten: number;
  /** Bytes that are written for certain. */
  readonly bytesWritten: number;
  /** The names of the files that it made, the last ten thousand at most; undefined for a sink that makes no files. */
  readonly files?: readonly string[];
  /** What became of its files; undefined for a sink that does not rotate. */
  readonly rotation?: RotationCounts;
  /** Opens the output, and leaves its content as it is until begin(). @throws RingcapError USAGE, OUTPUT */
  prepare?(): void;
  /**
   * The owner of the directory of the files that the sink writes, known after prepare(); undefined for a sink without
   * files.
   */
  readonly directory?: FileOwner | undefined;
  /**
   * Gives the files that prepare() made to another user, and no other files. An undefined owner leaves them as they
   * are.
   *
   * @throws RingcapError OUTPUT
   */
  giveTo?(owner: FileOwner | undefined): void;
  /**
   * Begins to write. It is called once, before the first batch.
   *
   * @param counters returns the counters of the source so far; it throws RingcapError KERNEL where the kernel does not
   *   tell them
   * @throws RingcapError USAGE for packets that the sink cannot hold, OUTPUT if the header cannot be written
   */
  begin?(description: SourceDescription, counters: () => CaptureCounters): void | Promise<void>;
  /**
   * Takes a whole batch before it returns, or before its promise resolves.
   *
   * @throws RingcapError OUTPUT or OUTPUT_CLOSED
   */
  write(batch: PacketBatch): void | Promise<void>;
  /**
   * Puts the next batch and everything before it on the disk, and says where that fails. Sinks without a disk have no
   * such method.
   */
  flush?(): void;
  /**
   * Gives up what a reader that stalls has not taken, so that a write that waits fails at once. Sinks that never wait
   * have no such method.
   */
  abandon?(): void;
  /**
   * Writes everything that has not been written yet, and closes the output.
   *
   * @throws RingcapError OUTPUT or OUTPUT_CLOSED
   */
  close(): void | Promise<void>;
  /** Undoes prepare() where no source came about or where begin() failed. It has no effect once the sink has begun. */
  discard?(): void;
}
