/** Writes pcapng files packet by packet: draft-ietf-opsawg-pcapng. */
import { usageError } from "../../errors.ts";
import { refuseUnknown } from "../../options/refuse-unknown.ts";
import { SNAPSHOT_LENGTH_MAX } from "../pcap-encoder.ts";
import type { PcapngBlock } from "./block.ts";
import type { ByteOrder } from "./block-bytes.ts";
import type { PcapngCustomBlock } from "./blocks/custom.ts";
import { SECRETS_TYPES } from "./blocks/decryption-secrets.ts";
import { type StatisticsFields, statisticsOptions } from "./blocks/interface-statistics.ts";
import {
  type NameResolutionFields,
  nameResolutionOptions,
  type PcapngNameResolution,
} from "./blocks/name-resolution.ts";
import { type SectionFields, sectionOptions } from "./blocks/section-header.ts";
import { checkJournalEntry } from "./blocks/systemd-journal.ts";
import { interfaceOptions, type PcapngInterface } from "./interface-options.ts";
import { commentOptions } from "./options.ts";
import { type PcapngPacket, packetOptions } from "./packet-options.ts";
import type { PacketTable } from "./packet-table.ts";
import { PcapngBlockWriter, type PcapngRawBlock, type WriteBytes } from "./pcapng-block-writer.ts";

/** The options of a PcapngWriter, which the first section states. Unknown ones are refused. */
export interface PcapngWriterOptions extends SectionFields {
  /**
   * The most bytes that are captured of a packet, for interfaces that state no number. The default is 0, which means no
   * limit.
   */
  readonly snapshotLength?: number | undefined;
  /** The byte order of the file. The default is little-endian. */
  readonly byteOrder?: ByteOrder | undefined;
}

const OPTIONS: Readonly<Record<keyof PcapngWriterOptions, true>> = {
  hardware: true,
  os: true,
  application: true,
  comment: true,
  snapshotLength: true,
  byteOrder: true,
};

/**
 * A pcapng file being written. Its bytes are handed to a function when there is 1 MiB of them, and by flush().
 *
 * ```ts
 * const writer = new PcapngWriter({ application: "example 1.0" }, (bytes) => writeSync(fd, bytes));
 * const interfaceId = writer.addInterface({ linkType: 1, name: "eth0" });
 * writer.write({ interfaceId, timestampNanoseconds: 1_700_000_000_123_456_789n, data: frame, direction: "in" });
 * writer.flush();
 * ```
 *
 * All methods throw RingcapError USAGE for what a file cannot hold, which leaves it as it was. What the write function
 * throws comes out of the method that called it, and of each one after that.
 */
export class PcapngWriter {
  readonly #blocks: PcapngBlockWriter;
  readonly #snapshotLength: number;

  /** Begins the first section. @param write takes the bytes of whole blocks, which are valid until it returns */
  constructor(options: PcapngWriterOptions, write: WriteBytes) {
    refuseUnknown(options, OPTIONS);
    const { snapshotLength = 0, byteOrder = "little-endian", ...fields } = options;
    this.#snapshotLength = snapshotLength;
    this.#blocks = new PcapngBlockWriter(write, byteOrder);
    this.startSection(fields);
  }

  /** Packets that were written, those kept in memory included. */
  get packetCount(): number {
    return this.#blocks.packetCount;
  }

  /** Bytes that were written, those kept in memory included. */
  get byteCount(): number {
    return this.#blocks.byteCount;
  }

  /** Begins another section. Its interfaces are added anew, and are numbered from 0. */
  startSection(fields: SectionFields = {}): void {
    this.#blocks.writeBlock({ kind: "section-header", options: sectionOptions(fields) });
  }

  /**
   * Describes an interface, which may be done at any time before its first packet.
   *
   * @returns the number of the interface, counted from 0 in each section
   */
  addInterface(described: PcapngInterface): number {
    const { linkType, snapshotLength = this.#snapshotLength } = described;
    const id = this.#blocks.section.interfaceCount;
    const options = interfaceOptions(described);
    this.#blocks.writeBlock({ kind: "interface-description", linkType, snapshotLength, options });
    return id;
  }

  /**
   * Adds a packet. It is cut to the snapshot length of its interface, and to 262144 bytes, which readers accept at
   * most.
   */
  write(packet: PcapngPacket): void {
    const { interfaceId, timestampNanoseconds, data, originalLength = data.length } = packet;
    const { snapshotLength, units } = this.#blocks.section.interface(interfaceId);
    const limit = Math.min(snapshotLength, SNAPSHOT_LENGTH_MAX);
    this.#blocks.writeBlock({
      kind: "enhanced-packet",
      interfaceId,
      timestampUnits: units.of("timestampNanoseconds", timestampNanoseconds),
      originalLength,
      data: data.length > limit ? data.subarray(0, limit) : data,
      options: packetOptions(packet),
    });
  }

  /**
   * Adds many packets without an object for each and without cutting them. Where one packet is wrong, the packets
   * before it are written.
   */
  writePackets(table: PacketTable): void {
    this.#blocks.writePackets(table);
  }

  /** Writes the counters of an interface, at the end or at any other time. */
  writeStatistics(interfaceId: number, fields: StatisticsFields): void {
    const { units } = this.#blocks.section.interface(interfaceId);
    const time = fields.time ?? fields.end;
    if (time === undefined) throw usageError("time", "statistics need a time, or an end");
    const options = statisticsOptions(fields, (name, nanoseconds) => units.of(name, nanoseconds));
    this.#blocks.writeBlock({
      kind: "interface-statistics",
      interfaceId,
      timestampUnits: units.of("time", time),
      options,
    });
  }

  /** Writes names of addresses. @param fields the DNS server that gave them */
  writeNameResolution(records: PcapngNameResolution["records"], fields: NameResolutionFields = {}): void {
    this.#blocks.writeBlock({ kind: "name-resolution", records, options: nameResolutionOptions(fields) });
  }

  /** Writes secrets for decryption. @param secretsType a number of SECRETS_TYPES; the default is lines of a TLS key log */
  writeDecryptionSecrets(
    secrets: Uint8Array | string,
    secretsType: number = SECRETS_TYPES.tlsKeyLog,
    comment?: string | readonly string[],
  ): void {
    const bytes = typeof secrets === "string" ? Buffer.from(secrets) : secrets;
    const options = commentOptions(comment);
    this.#blocks.writeBlock({ kind: "decryption-secrets", secretsType, secrets: bytes, options });
  }

  /**
   * Writes a custom block.
   *
   * @param enterprise the private enterprise number (IANA) of the organisation that defines the data
   */
  writeCustom(enterprise: number, data: Uint8Array, rest: Pick<PcapngCustomBlock, "copied" | "options"> = {}): void {
    this.#blocks.writeBlock({ ...rest, kind: "custom", enterprise, data });
  }

  /** Writes an entry of systemd's journal export format. @param entry with its field __REALTIME_TIMESTAMP */
  writeJournalEntry(entry: Uint8Array): void {
    checkJournalEntry(entry);
    this.#blocks.writeBlock({ kind: "systemd-journal", entry });
  }

  /** Writes a block as PcapngBlockWriter.writeBlock() does. */
  writeBlock(block: PcapngBlock): void {
    this.#blocks.writeBlock(block);
  }

  /** Copies a block as PcapngBlockWriter.copyBlock() does. */
  copyBlock(block: PcapngBlock & { readonly raw: PcapngRawBlock }): void {
    this.#blocks.copyBlock(block);
  }

  /** Hands what is kept in memory to the write function. */
  flush(): void {
    this.#blocks.flush();
  }
}
