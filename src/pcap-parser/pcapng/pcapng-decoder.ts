/** Decodes pcapng files block by block: draft-ietf-opsawg-pcapng. */
import type { ByteWindow } from "../byte-window.ts";
import type { FaultReporter } from "../capture-file-error.ts";
import { MOST_BATCH_BLOCKS, MOST_BLOCK_BYTES, MOST_INTERFACE_BYTES, MOST_INTERFACES } from "../limits.ts";
import type { PacketColumns } from "../packet-columns.ts";
import { pseudoHeaderSwap } from "../pseudo-headers/host-order.ts";
import type { DecodedRecords, PcapngFormat, RecordDecoder } from "../record-decoder.ts";
import type { CaptureInterface, CaptureSection } from "../section.ts";
import type { CaptureBlock } from "./block.ts";
import { CUSTOM, CUSTOM_NOT_COPIED, readCustom } from "./blocks/custom.ts";
import { DECRYPTION_SECRETS, readDecryptionSecrets } from "./blocks/decryption-secrets.ts";
import { decodeEnhancedPacket, ENHANCED_PACKET } from "./blocks/enhanced-packet.ts";
import {
  INTERFACE_DESCRIPTION,
  type InterfaceDescriptionBlock,
  readInterfaceDescription,
} from "./blocks/interface-description.ts";
import { INTERFACE_STATISTICS, readInterfaceStatistics } from "./blocks/interface-statistics.ts";
import { NAME_RESOLUTION, readNameResolution } from "./blocks/name-resolution.ts";
import { decodePacketBlock, PACKET } from "./blocks/packet.ts";
import { BYTE_ORDER_MAGIC, readSectionHeader, SECTION_HEADER } from "./blocks/section-header.ts";
import { decodeSimplePacket, SIMPLE_PACKET } from "./blocks/simple-packet.ts";
import { readSystemdJournal, SYSTEMD_JOURNAL } from "./blocks/systemd-journal.ts";
import { readUnknown } from "./blocks/unknown.ts";
import { padTo4 } from "./options.ts";
import { PacketBlockReader } from "./packet-block-reader.ts";
import { BLOCK_OVERHEAD, BLOCK_TRAILER_LENGTH, RawBlock } from "./raw-block.ts";

const TYPE_AND_LENGTH = 8;

interface OpenSection extends CaptureSection {
  readonly interfaces: CaptureInterface[];
}

export class PcapngDecoder implements RecordDecoder {
  readonly format: PcapngFormat = { type: "pcapng" };
  readonly hasOptions = true;
  readonly trailerLength = BLOCK_TRAILER_LENGTH;
  readonly #faults: FaultReporter;
  readonly #packetBlock: PacketBlockReader;
  readonly #turnsPseudoHeaders: boolean;
  #section: OpenSection = { index: -1, littleEndian: true, interfaces: [] };
  #interfaceBytes = 0;

  constructor(faults: FaultReporter, turnsPseudoHeaders: boolean) {
    this.#faults = faults;
    this.#turnsPseudoHeaders = turnsPseudoHeaders;
    this.#packetBlock = new PacketBlockReader(faults);
  }

  get section(): CaptureSection {
    return this.#section;
  }

  decode(window: ByteWindow, into: DecodedRecords, packetsBefore: number): void {
    const { columns, blocks } = into;
    const packet = this.#packetBlock;
    const { view } = window;
    packet.enter(window, this.#section.littleEndian, this.#section.interfaces);
    while (!columns.full && blocks.length < MOST_BATCH_BLOCKS && window.available >= BLOCK_OVERHEAD) {
      const start = window.begin;
      const type = view.getUint32(start, this.#section.littleEndian);
      const isSectionHeader = type === SECTION_HEADER;
      // A batch lies within one section.
      if (isSectionHeader && (columns.count > 0 || blocks.length > 0)) return;
      const littleEndian = isSectionHeader ? this.#byteOrder(window) : this.#section.littleEndian;
      const length = this.#blockLength(window, littleEndian);
      if (length > window.available) return;
      this.#checkTrailer(window, length, littleEndian);

      const before = columns.count;
      packet.start = start;
      packet.length = length;
      switch (type) {
        case ENHANCED_PACKET:
          decodeEnhancedPacket(packet, columns);
          break;
        case SIMPLE_PACKET:
          decodeSimplePacket(packet, columns);
          break;
        case PACKET:
          decodePacketBlock(packet, columns);
          break;
        default: {
          const bytes = window.bytes.subarray(start, start + length);
          const raw = new RawBlock(bytes, littleEndian, window.offsetOf(start), packetsBefore + before, this.#faults);
          blocks.push(this.#readBlock(raw));
          if (isSectionHeader) packet.enter(window, littleEndian, this.#section.interfaces);
        }
      }
      if (!this.#section.littleEndian) this.#swapPseudoHeader(window, columns, before);
      window.begin = start + length;
    }
  }

  /** Turns the pseudo header of the packet that was added last, if one was. */
  #swapPseudoHeader(window: ByteWindow, columns: PacketColumns, before: number): void {
    if (columns.count === before || !this.#turnsPseudoHeaders) return;
    const { record, headerLength, capturedLength, originalLength, interfaceId } = columns;
    const linkType = this.#section.interfaces[interfaceId[before] ?? 0]?.linkType;
    const swap = linkType === undefined ? undefined : pseudoHeaderSwap(linkType);
    if (swap === undefined) return;
    window.own();
    const start = (record[before] ?? 0) + (headerLength[before] ?? 0);
    swap(window.view, start, capturedLength[before] ?? 0, originalLength[before] ?? 0);
  }

  describePartial(window: ByteWindow): string {
    if (window.available < TYPE_AND_LENGTH) return "a block header";
    const type = window.view.getUint32(window.begin, this.#section.littleEndian);
    return type === SECTION_HEADER ? "a section header" : `a block of type 0x${type.toString(16).padStart(8, "0")}`;
  }

  #readBlock(raw: RawBlock): CaptureBlock {
    switch (raw.type) {
      case SECTION_HEADER: {
        const header = readSectionHeader(raw);
        this.#section = { index: this.#section.index + 1, littleEndian: raw.littleEndian, interfaces: [] };
        this.#interfaceBytes = 0;
        return header;
      }
      case INTERFACE_DESCRIPTION:
        return this.#addInterface(raw);
      case NAME_RESOLUTION:
        return readNameResolution(raw);
      case INTERFACE_STATISTICS:
        return readInterfaceStatistics(raw, this.#section.interfaces);
      case CUSTOM:
      case CUSTOM_NOT_COPIED:
        return readCustom(raw);
      case DECRYPTION_SECRETS:
        return readDecryptionSecrets(raw);
      case SYSTEMD_JOURNAL:
        return readSystemdJournal(raw);
      default:
        return readUnknown(raw);
    }
  }

  #addInterface(raw: RawBlock): InterfaceDescriptionBlock {
    const { interfaces } = this.#section;
    this.#interfaceBytes += raw.bytes.length;
    if (interfaces.length === MOST_INTERFACES || this.#interfaceBytes > MOST_INTERFACE_BYTES) {
      throw raw.unsupported(0, `more than ${MOST_INTERFACES} interfaces, or ${MOST_INTERFACE_BYTES} bytes of them`);
    }
    // The copy outlives the batch.
    const block = readInterfaceDescription(raw.copy(), interfaces.length);
    interfaces.push(block.interface);
    return block;
  }

  /** Whether the section whose header the window begins with is little-endian. */
  #byteOrder(window: ByteWindow): boolean {
    const at = window.begin + TYPE_AND_LENGTH;
    if (window.view.getUint32(at, true) === BYTE_ORDER_MAGIC) return true;
    if (window.view.getUint32(at, false) === BYTE_ORDER_MAGIC) return false;
    throw this.#faults.corrupt(window.offsetOf(at), "this is not the byte-order magic of a section header");
  }

  /**
   * Bytes of the block at the window's beginning. They are rounded up to a multiple of four, because some programs
   * leave the padding out of the length.
   */
  #blockLength(window: ByteWindow, littleEndian: boolean): number {
    const at = window.begin + 4;
    const claimed = window.view.getUint32(at, littleEndian);
    if (claimed < BLOCK_OVERHEAD || claimed > MOST_BLOCK_BYTES) {
      const bounds = `${BLOCK_OVERHEAD} to ${MOST_BLOCK_BYTES}`;
      throw this.#faults.corrupt(window.offsetOf(at), `a block of ${claimed} bytes; ${bounds} can be`);
    }
    return padTo4(claimed);
  }

  #checkTrailer(window: ByteWindow, length: number, littleEndian: boolean): void {
    const at = window.begin + length - BLOCK_TRAILER_LENGTH;
    const repeated = window.view.getUint32(at, littleEndian);
    if (padTo4(repeated) !== length) {
      throw this.#faults.corrupt(window.offsetOf(at), `the block of ${length} bytes ends with a length of ${repeated}`);
    }
  }
}
