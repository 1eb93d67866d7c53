/** Writes files of the pcapng format, with all that a capture knows about its packets: see docs/pcapng.md. */
import { cpus, machine } from "node:os";
import { type BlockInterfaces, HAS_DIRECTIONS, IS_XDP } from "../native/pack-blocks.ts";
import type { CaptureCounters, Hook, SourceDescription } from "../packets/captured.ts";
import { BLOCKS_SIZE, type PacketBatch } from "../packets/packet-batch.ts";
import { PcapngWriter, type TimeStampPrecision, wholeBlocks } from "../pcap-writer/index.ts";
import type { SinkNeeds } from "../pipeline/sink.ts";
import { ringcapVersion } from "./application.ts";
import { type ChecksumRepair, withChecksums } from "./checksum-repair.ts";
import type { FileEncoder, FileFormat } from "./file-format.ts";
import { PcapngCopyEncoder } from "./pcapng-copy.ts";
import { PacketCounts } from "./pcapng-counts.ts";
import { describeOrigin, operatingSystem } from "./pcapng-interface.ts";
import { FileStatistics } from "./pcapng-statistics.ts";

/** if_tsresol of nanoseconds. */
const NANOSECONDS = 9;
const MICROSECONDS = 6;

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

/**
 * Returns the traits of an interface for the addon: see BlockInterfaces. Packets of a replayed file have no direction.
 */
function traitsOf(hook: Hook | undefined): number {
  if (hook === undefined) return 0;
  return hook.startsWith("xdp") ? HAS_DIRECTIONS | IS_XDP : HAS_DIRECTIONS;
}

class PcapngFileEncoder implements FileEncoder {
  readonly #description: SourceDescription;
  readonly #options: PcapngFileOptions;
  readonly #statistics: FileStatistics;
  readonly #output: Uint8Array;
  readonly #interfaces: BlockInterfaces;
  readonly #counts: PacketCounts;
  readonly #parts: Uint8Array[] = [];
  readonly #writer: PcapngWriter;

  constructor(
    description: SourceDescription,
    options: PcapngFileOptions,
    statistics: FileStatistics,
    output: Uint8Array,
    counts: PacketCounts,
  ) {
    const { origins } = description;
    this.#description = description;
    this.#options = options;
    this.#statistics = statistics;
    this.#output = output;
    this.#counts = counts;
    this.#interfaces = {
      words: Uint32Array.from(origins.flatMap(({ index, hook, link }) => [index, traitsOf(hook), link.linkType])),
      counts: counts.counts,
    };
    const { comment } = options;
    const application = `ringcap ${ringcapVersion()}`;
    const section = { hardware: cpus()[0]?.model ?? machine(), os: operatingSystem(), application, comment };
    this.#writer = new PcapngWriter(section, (bytes) => this.#parts.push(bytes.slice()));
    const timestampResolution = this.#isNano ? NANOSECONDS : MICROSECONDS;
    for (const origin of origins) {
      this.#writer.addInterface({ ...describeOrigin(origin, description), timestampResolution });
    }
  }

  get #isNano(): boolean {
    return this.#options.precision !== "micro";
  }

  header(): Uint8Array {
    return this.#take();
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
    for (const [place, statistics] of fields) this.#writer.writeStatistics(place, statistics);
    return this.#take();
  }

  wholeRecords(encoded: Uint8Array, limit: number): { records: number; bytes: number } {
    const { packets, bytes } = wholeBlocks(encoded, limit);
    return { records: packets, bytes };
  }

  #take(): Uint8Array {
    this.#writer.flush();
    return Buffer.concat(this.#parts.splice(0));
  }
}
