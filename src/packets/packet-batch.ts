/** Packets as they come out of the rings: many in one buffer, read in place. */
import { BATCH_RECORD, BLOCK_OVERHEAD_MAX, PACKET_DIRECTION_OUT } from "../generated/layouts.ts";
import type { BlockInterfaces, BlockOptions, PacketBlocks } from "../native/pack-blocks.ts";
import { SNAPSHOT_LENGTH_MAX, type TimeStampPrecision } from "../pcap-writer/index.ts";
import type { FileBlocks } from "./file-blocks.ts";

export { SNAPSHOT_LENGTH_MAX };

/** The process that a socket belongs to. */
export interface PacketProcess {
  /** The process id in the initial PID namespace. */
  pid: number;
  /** Real user id. */
  uid: number;
  /** The name as in /proc/<pid>/comm, at most 15 bytes. */
  comm: string;
}

/** One packet of a batch. */
export interface CapturedPacket {
  /** Nanoseconds since the epoch. */
  timestamp: bigint;
  /** The kernel's number of the interface, as in `CapturedInterface.index`; 0 for a packet of a file. */
  interfaceIndex: number;
  /** Whether the packet came in or went out. A packet of a file is taken to have come in. */
  direction: "in" | "out";
  /** The original length in bytes. */
  originalLength: number;
  /** The captured bytes: a view, valid until the next batch is asked for. */
  data: Uint8Array;
  /**
   * The process of the socket that sent the packet or receives it. It is there only where it was asked for and where a
   * local socket has the packet.
   */
  process?: PacketProcess;
}

/** Bytes that any batch can be packed into: room for the largest record, and for some thousand small ones. */
export const BATCH_SIZE = 1 << 19;

/** Bytes that the blocks of any batch take: see packBlocks(). */
export const BLOCKS_SIZE = BATCH_SIZE + Math.ceil(BATCH_SIZE / BATCH_RECORD.size) * BLOCK_OVERHEAD_MAX;

/**
 * Steps through a batch without making an object a packet. After next() returned true the fields describe a packet
 * whose `capturedLength` bytes begin at index `start` of `bytes`. Its time is `seconds` since the epoch and `nanoseconds`;
 * `originalLength` is in bytes, and `interfaceIndex` is the one of CapturedInterface.
 */
export abstract class PacketCursor {
  readonly bytes: Uint8Array;
  seconds = 0;
  nanoseconds = 0;
  capturedLength = 0;
  originalLength = 0;
  interfaceIndex = 0;
  /** enum packet_direction of bpf/capture/packet_record.h. */
  direction = 0;
  /** Of a packet of a file: within the file, from 1, modulo 2^32. */
  number = 0;
  start = 0;

  /** @internal */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Goes on to the next packet. Returns false behind the last one. */
  abstract next(): boolean;

  /** The process of the packet's socket, where it was asked for and is known. */
  process(): PacketProcess | undefined {
    return undefined;
  }
}

/**
 * Many packets in one buffer, which is valid until the next batch is asked for. Iterating over it makes an object for
 * each packet; cursor() makes none.
 */
export abstract class PacketBatch implements Iterable<CapturedPacket> {
  /** Packets in the batch. */
  readonly count: number;
  /** Of a pcapng file, where the sink asked for them: see SinkNeeds.blocks. */
  fileBlocks: FileBlocks | undefined;

  /** @internal */
  constructor(count: number) {
    this.count = count;
  }

  abstract cursor(): PacketCursor;

  /**
   * The packets as the records of a little-endian pcap file (draft-ietf-opsawg-pcap section 5).
   *
   * @param output memory to use if need be, BATCH_SIZE bytes
   * @returns a view on it or on the batch, valid as long as the batch is
   */
  abstract pack(output: Uint8Array, precision: TimeStampPrecision): Uint8Array;

  /**
   * The packets as the enhanced packet blocks of a pcapng file, with all that is known of each. Of a source
   * that was told of the need alone: see SinkNeeds.origin.
   *
   * @param output memory to use if need be, BLOCKS_SIZE bytes
   * @returns `blocks` is a view on it or on the batch, valid as long as the batch is
   */
  packBlocks(_output: Uint8Array, _interfaces: BlockInterfaces, _options: BlockOptions): PacketBlocks {
    throw new Error("a batch does not say where each of its packets is from");
  }

  *[Symbol.iterator](): Iterator<CapturedPacket> {
    const cursor = this.cursor();
    while (cursor.next()) {
      const process = cursor.process();
      yield {
        timestamp: BigInt(cursor.seconds) * 1_000_000_000n + BigInt(cursor.nanoseconds),
        interfaceIndex: cursor.interfaceIndex,
        direction: cursor.direction === PACKET_DIRECTION_OUT ? "out" : "in",
        originalLength: cursor.originalLength,
        data: cursor.bytes.subarray(cursor.start, cursor.start + cursor.capturedLength),
        ...(process === undefined ? undefined : { process }),
      };
    }
  }
}
