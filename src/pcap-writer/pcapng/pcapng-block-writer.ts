/** Writes pcapng files block by block: draft-ietf-opsawg-pcapng, section 3. */

import { usageError } from "../../errors.ts";
import { type PcapngBlock, putBlock } from "./block.ts";
import { BlockBytes, type ByteOrder } from "./block-bytes.ts";
import { checkTable, mostPacketBytes, type PacketTable, putPacketRow } from "./packet-table.ts";
import { SectionState } from "./section-state.ts";

/** Takes the bytes of whole blocks in their order. The bytes are valid until it returns. */
export type WriteBytes = (bytes: Uint8Array) => void;

/** A block as it is in a file. The blocks of ringcap/pcap-parser have it as `raw`. */
export interface PcapngRawBlock {
  /** The bytes from the block's type to its second total length. */
  readonly bytes: Uint8Array;
  /** The byte order of the block. */
  readonly littleEndian: boolean;
}

/** Bytes of the buffer that is filled before its blocks are handed on. */
const BUFFER_SIZE = 1 << 20;

/**
 * Blocks in the order in which they are given, the section headers included: what copies of pcapng files are made with. What
 * is written is handed on when there is 1 MiB of it, and by flush().
 *
 * ```ts
 * const writer = new PcapngBlockWriter((bytes) => writeSync(fd, bytes));
 * for await (const batch of await openCapture("in.pcapng")) for (const block of batch.allBlocks()) writer.copyBlock(block);
 * writer.flush();
 * ```
 */
export class PcapngBlockWriter {
  readonly #write: WriteBytes;
  readonly #bytes: BlockBytes;
  readonly #section = new SectionState();
  #packets = 0;
  #handedOn = 0;
  #failure: { readonly error: unknown } | undefined;

  /** @param byteOrder the byte order of sections whose header has no `byteOrder` */
  constructor(write: WriteBytes, byteOrder: ByteOrder = "little-endian") {
    if (byteOrder !== "little-endian" && byteOrder !== "big-endian") {
      throw usageError("byteOrder", `"${byteOrder}" is neither little-endian nor big-endian`);
    }
    this.#write = write;
    this.#bytes = new BlockBytes(byteOrder, Buffer.allocUnsafeSlow(BUFFER_SIZE));
  }

  /** The byte order of the section that is being written. */
  get byteOrder(): ByteOrder {
    return this.#bytes.littleEndian ? "little-endian" : "big-endian";
  }

  /** The interfaces that the section that is being written has described. */
  get section(): SectionState {
    return this.#section;
  }

  /** Packets that were written, those kept in memory included. */
  get packetCount(): number {
    return this.#packets;
  }

  /** Bytes that were written, those kept in memory included. */
  get byteCount(): number {
    return this.#handedOn + this.#bytes.length;
  }

  /**
   * Encodes a block in the section's byte order. Fields that a block of ringcap/pcap-parser has beside those of
   * PcapngBlock, such as `raw`, have no effect.
   *
   * @throws RingcapError USAGE for a value that a file cannot hold, which leaves the file as it was. An error of the
   *   write function is thrown by the call that called the function, and by each call after that
   */
  writeBlock(block: PcapngBlock): void {
    this.#begin();
    this.#section.check(block);
    putBlock(this.#bytes, block);
    this.#end(block);
  }

  /**
   * As writeBlock(), but a block that was read in the section's byte order is copied byte for byte, padding and unknown
   * parts included. A section header begins a section of its own byte order.
   */
  copyBlock(block: PcapngBlock & { readonly raw: PcapngRawBlock }): void {
    const { bytes, littleEndian } = block.raw;
    const isHeader = block.kind === "section-header";
    if (!isHeader && littleEndian !== this.#bytes.littleEndian) {
      this.writeBlock(block);
      return;
    }
    this.#begin();
    this.#section.check(block);
    if (isHeader) this.#bytes.littleEndian = littleEndian;
    this.#bytes.copy(this.#bytes.reserveBlock(bytes.length), bytes, 0, bytes.length);
    this.#end(block);
  }

  /**
   * Writes the packets of a table as enhanced packet blocks.
   *
   * @throws RingcapError USAGE for a packet that a file cannot hold; the packets before it are written
   */
  writePackets(table: PacketTable): void {
    this.#begin();
    checkTable(table);
    const { interfaceCount } = this.#section;
    const bytes = this.#bytes;
    for (let row = 0; row < table.count; row++) {
      const interfaceId = table.interfaceId[row] ?? 0;
      if (interfaceId >= interfaceCount) this.#section.interface(interfaceId);
      if (mostPacketBytes(table.capturedLength[row] ?? 0) > bytes.room) this.flush();
      putPacketRow(bytes, table, row);
      this.#packets++;
    }
  }

  /** Hands what is kept in memory to the write function. */
  flush(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    const bytes = this.#bytes.take();
    if (bytes.length === 0) return;
    try {
      this.#write(bytes);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
    this.#handedOn += bytes.length;
  }

  #begin(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #end(block: PcapngBlock): void {
    this.#section.add(block);
    if (isPacket(block)) this.#packets++;
    if (this.#bytes.length >= BUFFER_SIZE) this.flush();
  }
}

function isPacket({ kind }: PcapngBlock): boolean {
  return kind === "enhanced-packet" || kind === "simple-packet" || kind === "packet";
}
