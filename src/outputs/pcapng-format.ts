/** Writes files of the pcapng format, with all that a capture knows about its packets: see docs/pcapng.md. */
import type { BlockInterfaces } from "../native/pack-blocks.ts";
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import { BLOCKS_SIZE, type PacketBatch } from "../packets/packet-batch.ts";
import { type TimeStampPrecision, wholeBlocks } from "../pcap-writer/index.ts";
import type { SinkNeeds } from "../pipeline/sink.ts";
import { BlockSection, blockInterfaces } from "./block-section.ts";
import { type ChecksumRepair, withChecksums } from "./checksum-repair.ts";
import type { FileEncoder, FileFormat } from "./file-format.ts";
import { PcapngCopyEncoder } from "./pcapng-copy.ts";
import { PacketCounts } from "./pcapng-counts.ts";
import { FileStatistics } from "./pcapng-statistics.ts";

export const PCAPNG_NEEDS: SinkNeeds = { timeUnit: 1, origin: true, blocks: true };

export interface PcapngFileOptions {
  /** The unit of time stamps. The default is "nano". */
  readonly precision?: TimeStampPrecision | undefined;
  /** The user's comment on the whole file. */
  readonly comment?: string | undefined;
  readonly checksums?: ChecksumRepair | undefined;
}

export class PcapngFileFormat implements FileFormat {
  readonly needs: SinkNeeds;
  readonly #options: PcapngFileOptions;
  readonly #statistics = new FileStatistics();
  /** Memory for blocks, which all files of a capture use, one file after the other. */
  readonly #output = new Uint8Array(BLOCKS_SIZE);
  #counts: PacketCounts | undefined;

  constructor(options: PcapngFileOptions = {}) {
    this.#options = options;
    const areBlocksTaken = options.precision !== "micro" && options.checksums === undefined;
    const needs: SinkNeeds = areBlocksTaken ? { ...PCAPNG_NEEDS, packetBlocks: true } : PCAPNG_NEEDS;
    this.needs = withChecksums(needs, options.checksums);
  }

  start(description: SourceDescription): FileEncoder {
    const { comment, checksums } = this.#options;
    if (description.hasFileBlocks) return new PcapngCopyEncoder(comment, checksums);
    this.#counts ??= new PacketCounts(description.origins.length);
    return new PcapngFileEncoder(description, this.#options, this.#statistics, this.#output, this.#counts);
  }
}

class PcapngFileEncoder implements FileEncoder {
  readonly #description: SourceDescription;
  readonly #options: PcapngFileOptions;
  readonly #statistics: FileStatistics;
  readonly #output: Uint8Array;
  readonly #interfaces: BlockInterfaces;
  readonly #counts: PacketCounts;
  readonly #section: BlockSection;

  constructor(
    description: SourceDescription,
    options: PcapngFileOptions,
    statistics: FileStatistics,
    output: Uint8Array,
    counts: PacketCounts,
  ) {
    this.#description = description;
    this.#options = options;
    this.#statistics = statistics;
    this.#output = output;
    this.#counts = counts;
    this.#interfaces = blockInterfaces(description, counts.counts);
    this.#section = new BlockSection(description, options.precision ?? "nano", options.comment);
  }

  get #isNano(): boolean {
    return this.#options.precision !== "micro";
  }

  header(): Uint8Array {
    return this.#section.header();
  }

  encode(batch: PacketBatch): Uint8Array {
    const { checksums } = this.#options;
    const { blocks, completed, cut } = batch.packBlocks(this.#output, this.#interfaces, {
      unit: this.#isNano ? 1 : 1000,
      repair: checksums !== undefined,
    });
    checksums?.add(completed, cut);
    this.#counts.blocks = blocks;
    return blocks;
  }

  trailer(counters: CaptureCounters | undefined, written: number): Uint8Array {
    const fields = this.#statistics.next(this.#description, counters, this.#counts.endFile(written));
    return this.#section.statistics(fields);
  }

  wholeRecords(encoded: Uint8Array, limit: number): { records: number; bytes: number } {
    const { packets, bytes } = wholeBlocks(encoded, limit);
    return { records: packets, bytes };
  }
}
