/** Packets as they lie in a part of the file. A batch holds many of them, and they are read in place. */

import type { FaultReporter } from "./capture-file-error.ts";
import type { PacketColumns } from "./packet-columns.ts";
import { allBlocks, packetBlock } from "./pcapng/all-blocks.ts";
import type { CaptureBlock, PacketCaptureBlock } from "./pcapng/block.ts";
import { EPB_DROPCOUNT } from "./pcapng/blocks/enhanced-packet.ts";
import { BlockOptions, findOption, NO_OPTIONS, padTo4, readUint64 } from "./pcapng/options.ts";
import { toNanoseconds } from "./pcapng/time-scale.ts";
import type { CaptureInterface, CaptureSection } from "./section.ts";

/** One packet of a batch. */
export interface CapturePacket {
  /** The number of the packet within the file, counted from 1. */
  readonly number: number;
  /** Nanoseconds since the epoch. It is 0 where `hasTimestamp` is false. */
  readonly timestamp: bigint;
  /** Whole seconds since the epoch. */
  readonly seconds: number;
  /** Nanoseconds of the second, from 0 to 999,999,999. */
  readonly nanoseconds: number;
  /** It is false for packets of pcapng's simple packet block, and true for all others. */
  readonly hasTimestamp: boolean;
  /** Bytes of the packet that the file holds: the length of `data`. */
  readonly capturedLength: number;
  /** Bytes on the wire, as the file states. */
  readonly originalLength: number;
  readonly interface: CaptureInterface;
  /** Offset in bytes of the packet's record (pcap) or block (pcapng), in the file or in what the file inflates to. */
  readonly fileOffset: number;
  /**
   * The captured bytes: a view, valid until the next batch is asked for. Pseudo headers that are in the byte order of
   * the capturing host (USB, NFLOG, PFLOG, SocketCAN in Linux cooked captures) are turned to little-endian, whatever
   * the file's byte order is.
   */
  readonly data: Uint8Array;
  /**
   * The options of the packet's block, which a pcap file does not have. They are valid as long as `data` is.
   * enhancedPacketOptions() decodes them.
   */
  readonly options: BlockOptions;
}

/** What all packets of a batch share. */
export interface BatchSource {
  readonly bytes: Uint8Array;
  /** Offset in the input of the first byte of `bytes`. */
  readonly base: number;
  readonly columns: PacketColumns;
  /** Number of the first packet, counted from 1 within the file. */
  readonly firstNumber: number;
  readonly section: CaptureSection;
  /** Bytes at the end of a record that are not options. */
  readonly trailerLength: number;
  /** Whether records can have options. */
  readonly hasOptions: boolean;
  readonly faults: FaultReporter;
}

/**
 * Steps through the packets of a batch without making an object for each. After next() returned true, the fields
 * describe one packet, whose `capturedLength` bytes begin at index `start` of `bytes`. `number`, `seconds`, `nanoseconds`,
 * `originalLength` (in bytes) and `fileOffset` are as in CapturePacket, and `interfaceId` is the index of its interface in
 * the `section`.
 */
export class CaptureCursor {
  readonly bytes: Uint8Array;
  readonly section: CaptureSection;
  readonly #source: BatchSource;
  readonly #columns: PacketColumns;
  readonly #count: number;
  readonly #firstNumber: number;
  readonly #base: number;
  #index = -1;
  #record = 0;
  number = 0;
  seconds = 0;
  nanoseconds = 0;
  capturedLength = 0;
  originalLength = 0;
  interfaceId = 0;
  start = 0;
  fileOffset = 0;

  /** @internal */
  constructor(source: BatchSource, count: number) {
    this.bytes = source.bytes;
    this.section = source.section;
    this.#source = source;
    this.#columns = source.columns;
    this.#count = count;
    this.#firstNumber = source.firstNumber;
    this.#base = source.base;
  }

  /** Goes on to the next packet. Returns false behind the last one. */
  next(): boolean {
    const index = this.#index + 1;
    if (index >= this.#count) return false;
    const columns = this.#columns;
    const record = columns.record[index] ?? 0;
    this.#index = index;
    this.#record = record;
    this.number = this.#firstNumber + index;
    this.seconds = columns.seconds[index] ?? 0;
    this.nanoseconds = columns.nanoseconds[index] ?? 0;
    this.capturedLength = columns.capturedLength[index] ?? 0;
    this.originalLength = columns.originalLength[index] ?? 0;
    this.interfaceId = columns.interfaceId[index] ?? 0;
    this.start = record + (columns.headerLength[index] ?? 0);
    this.fileOffset = this.#base + record;
    return true;
  }

  /** It is false for packets of pcapng's simple packet block, and true for all others. */
  get hasTimestamp(): boolean {
    return this.#columns.hasTime[this.#index] === 1;
  }

  /** Nanoseconds since the epoch. */
  get timestamp(): bigint {
    return toNanoseconds(this.seconds, this.nanoseconds);
  }

  get interface(): CaptureInterface {
    const found = this.section.interfaces[this.interfaceId];
    if (found === undefined) throw new RangeError("a cursor has an interface only after next() returned true");
    return found;
  }

  /** The captured bytes: a view. Pseudo headers in the byte order of the capturing host are turned to little-endian. */
  get data(): Uint8Array {
    return this.bytes.subarray(this.start, this.start + this.capturedLength);
  }

  /**
   * The whole pcap record or pcapng block: a view. It is as in the file, except for the pseudo header that `data` has
   * turned.
   */
  get record(): Uint8Array {
    return this.bytes.subarray(this.#record, this.#recordEnd());
  }

  /** The packet as a block of a pcapng file, which ringcap/pcap-writer can write; undefined in a pcap file. */
  get block(): PacketCaptureBlock | undefined {
    return this.#source.hasOptions ? packetBlock(this, this.#source.faults) : undefined;
  }

  get options(): BlockOptions {
    if (!this.#source.hasOptions) return NO_OPTIONS;
    const from = this.start + padTo4(this.capturedLength);
    const end = this.#optionsEnd();
    return from < end ? new BlockOptions(this.bytes.subarray(from, end), this.section.littleEndian) : NO_OPTIONS;
  }

  /**
   * Packets that were lost between this packet and the one before it on the same interface, by its epb_dropcount; undefined where
   * it does not say. It makes no object, as enhancedPacketOptions() does.
   */
  get dropCount(): number | undefined {
    if (!this.#source.hasOptions) return undefined;
    const { littleEndian } = this.section;
    const at = findOption(
      this.bytes,
      this.start + padTo4(this.capturedLength),
      this.#optionsEnd(),
      littleEndian,
      EPB_DROPCOUNT,
    );
    return at < 0 ? undefined : readUint64(this.bytes, at, littleEndian);
  }

  #optionsEnd(): number {
    return this.#recordEnd() - this.#source.trailerLength;
  }

  #recordEnd(): number {
    return this.#record + (this.#columns.recordLength[this.#index] ?? 0);
  }
}

/**
 * A batch is valid until the parser is asked for the next one or given more bytes. All its packets are of one section.
 */
export class CaptureBatch implements Iterable<CapturePacket> {
  /** Packets in the batch. It may be 0 when there are blocks. */
  readonly count: number;
  /**
   * The pcapng blocks that hold no packet, in the order of the file. `packetsBefore` of a block says where it stands
   * among the packets.
   */
  readonly blocks: readonly CaptureBlock[];
  readonly #source: BatchSource;

  /** @internal */
  constructor(source: BatchSource, blocks: readonly CaptureBlock[]) {
    this.count = source.columns.count;
    this.blocks = blocks;
    this.#source = source;
  }

  get section(): CaptureSection {
    return this.#source.section;
  }

  cursor(): CaptureCursor {
    return new CaptureCursor(this.#source, this.count);
  }

  /**
   * Every block of a pcapng file in the order of the file, those of packets included. It serves to copy a file, and is
   * slower than a cursor. A pcap file has no blocks.
   */
  allBlocks(): Iterable<CaptureBlock | PacketCaptureBlock> {
    return this.#source.hasOptions ? allBlocks(this.cursor(), this.blocks, this.#source.faults) : [];
  }

  *[Symbol.iterator](): Generator<CapturePacket> {
    const cursor = this.cursor();
    while (cursor.next()) {
      yield {
        number: cursor.number,
        timestamp: cursor.timestamp,
        seconds: cursor.seconds,
        nanoseconds: cursor.nanoseconds,
        hasTimestamp: cursor.hasTimestamp,
        capturedLength: cursor.capturedLength,
        originalLength: cursor.originalLength,
        interface: cursor.interface,
        fileOffset: cursor.fileOffset,
        data: cursor.data,
        options: cursor.options,
      };
    }
  }
}
