/** The pcapng file of an incident, whose packets are rows of blocks already. */

import { BlockSection } from "../outputs/block-section.ts";
import type { FileEncoder } from "../outputs/file-format.ts";
import { countsOfLast } from "../outputs/pcapng-counts.ts";
import type { FileStatistics } from "../outputs/pcapng-statistics.ts";
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import { wholeBlocks } from "../pcap-writer/index.ts";
import type { PacketRow } from "./packet-row.ts";

export class RowEncoder implements FileEncoder {
  readonly #description: SourceDescription;
  readonly #statistics: FileStatistics;
  readonly #section: BlockSection;
  readonly #counts: Uint32Array;
  readonly #header: Uint8Array;

  /** @param statistics of all files of the incident */
  constructor(description: SourceDescription, statistics: FileStatistics, comment: string) {
    this.#description = description;
    this.#statistics = statistics;
    this.#counts = new Uint32Array(description.origins.length);
    this.#section = new BlockSection(description, "nano", comment);
    this.#header = this.#section.header();
  }

  header(): Uint8Array {
    return this.#header;
  }

  /** Counts packets that are written. */
  count({ bytes, packets }: PacketRow): void {
    for (const [id, count] of countsOfLast(bytes, packets, this.#counts.length).entries()) {
      this.#counts[id] = (this.#counts[id] ?? 0) + count;
    }
  }

  /** Returns a block that says something of the packets behind it: the statistics of the first interface with a comment alone. @param time nanoseconds since the epoch */
  remark(time: bigint, comment: string): Uint8Array {
    return this.#section.statistics(new Map([[0, { time, comment }]]));
  }

  encode(): Uint8Array {
    throw new Error("the packets of an incident are laid out already");
  }

  trailer(counters: CaptureCounters | undefined): Uint8Array {
    return this.#section.statistics(this.#statistics.next(this.#description, counters, this.#counts));
  }

  wholeRecords(encoded: Uint8Array, limit: number): { records: number; bytes: number } {
    const { packets, bytes } = wholeBlocks(encoded, limit);
    return { records: packets, bytes };
  }
}
