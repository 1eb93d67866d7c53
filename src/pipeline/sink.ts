/** A sink: where packets go. */
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";

/** What a sink asks of the batches. It is known before the programs are loaded, so that they lay packets out as it wants them. */
export interface SinkNeeds {
  /** Nanoseconds of the unit of its time stamps. */
  readonly timeUnit: 1 | 1000;
  /** Whether each packet has to say where it is from, and what was lost before it: what pcapng has a place for. */
  readonly origin?: true;
  /** Whether it takes the blocks of a pcapng file that is read: then packets of several link types come, and of any time. */
  readonly blocks?: true;
  /** Why it cannot say which process a packet belongs to, where it cannot: "a pcap file has no place for processes". */
  readonly withoutProcesses?: string;
}

/** The needs of sinks that read packets field by field. */
export const ANY_LAYOUT: SinkNeeds = { timeUnit: 1 };

/** Numbers of a user and a group. */
export interface FileOwner {
  readonly user: number;
  readonly group: number;
}

/** What became of the files of a rotated capture. */
export interface RotationCounts {
  readonly written: number;
  /** Older ones that went, so that no more than what was asked for is kept. */
  readonly removed: number;
  /** Files for which the program of --on-file failed. */
  readonly onFileFailed: number;
}

export interface PacketSink {
  readonly needs: SinkNeeds;
  /** Packets that have arrived for certain. */
  readonly packetsWritten: number;
  /** Bytes that have arrived for certain. */
  readonly bytesWritten: number;
  /** The files that it made, as they are called, the last ten thousand at most; undefined of a sink that makes none. */
  readonly files?: readonly string[];
  /** Of a sink that goes on in other files. */
  readonly rotation?: RotationCounts;
  /** Opens what it writes to, and leaves its content as it is until begin(). @throws RingcapError USAGE, OUTPUT */
  prepare?(): void;
  /**
   * The owner of the directory of the files that the sink writes, known after prepare(); undefined for a sink without
   * files.
   */
  readonly directory?: FileOwner | undefined;
  /** Makes the files that prepare() made, and no others, those of another user; undefined: they stay. @throws RingcapError OUTPUT */
  giveTo?(owner: FileOwner | undefined): void;
  /**
   * Is called once, before the first batch.
   *
   * @param counters of the source so far; they throw RingcapError KERNEL where the kernel does not tell them
   * @throws RingcapError USAGE for packets that it cannot hold, OUTPUT
   */
  begin?(description: SourceDescription, counters: () => CaptureCounters): void | Promise<void>;
  /** Takes a batch in whole before it returns, or before its promise resolves. @throws RingcapError OUTPUT or OUTPUT_CLOSED */
  write(batch: PacketBatch): void | Promise<void>;
  /**
   * Puts the next batch and everything before it on the disk, and says where that fails. Sinks without a disk have no
   * such method.
   */
  flush?(): void;
  /**
   * Gives up what a reader that stalls has not taken: a write that waits fails at once. Sinks that never wait have no
   * such method.
   */
  abandon?(): void;
  /** Writes everything that is on its way, and closes. @throws RingcapError OUTPUT or OUTPUT_CLOSED */
  close(): void | Promise<void>;
  /** Undoes prepare() where no source came about or where begin() failed. It has no effect once the sink has begun. */
  discard?(): void;
}
