/** Writes files of the pcap format. */
import { usageError } from "../errors.ts";
import type { PacketOrigin, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import { type PcapFormat, pcapFileHeader, type TimeStampPrecision } from "../pcap-writer/index.ts";
import { wholeRecords } from "../pcap-writer/pcap-encoder.ts";
import type { SinkNeeds } from "../pipeline/sink.ts";
import { type ChecksumRepair, withChecksums } from "./checksum-repair.ts";
import type { FileEncoder, FileFormat } from "./file-format.ts";
import { RecordPacker } from "./record-packer.ts";

const NOTHING = new Uint8Array(0);

/** Returns the link type of all origins. @throws RingcapError USAGE when the origins have several */
export function commonLinkType(origins: readonly PacketOrigin[]): PacketOrigin["link"] {
  const types = new Map(origins.map(({ link }) => [link.linkType, link]));
  const [first] = types.values();
  if (first !== undefined && types.size === 1) return first;
  const names = origins.map(({ name, link }) => `${name} is ${link.description}`).join(", ");
  throw usageError(
    "interfaces",
    `a pcap file holds packets of one link type only (${names})`,
    'type `write: "x.pcapng"` or `format: "pcapng"`, or capture them apart',
  );
}

/** Returns what a pcap file of that precision needs of the batches. */
export function pcapNeeds(precision: TimeStampPrecision): SinkNeeds {
  return { timeUnit: precision === "nano" ? 1 : 1000, withoutProcesses: "a pcap file has no place for processes" };
}

export class PcapFileFormat implements FileFormat {
  readonly needs: SinkNeeds;
  readonly #precision: TimeStampPrecision;
  readonly #checksums: ChecksumRepair | undefined;

  constructor(precision: TimeStampPrecision, checksums?: ChecksumRepair) {
    this.needs = withChecksums(pcapNeeds(precision), checksums);
    this.#precision = precision;
    this.#checksums = checksums;
  }

  start({ origins, snapshotLength, fcsLength }: SourceDescription): FileEncoder {
    const { linkType } = commonLinkType(origins);
    const format = { linkType, snapshotLength, precision: this.#precision, fcsLength };
    return new PcapFileEncoder(format, this.#checksums);
  }
}

class PcapFileEncoder implements FileEncoder {
  readonly #format: PcapFormat;
  readonly #packer: RecordPacker;
  readonly wholeRecords = wholeRecords;

  constructor(format: PcapFormat, checksums: ChecksumRepair | undefined) {
    this.#format = format;
    this.#packer = new RecordPacker(format, checksums);
  }

  header(): Uint8Array {
    return pcapFileHeader(this.#format);
  }

  encode(batch: PacketBatch): Uint8Array {
    return this.#packer.pack(batch);
  }

  trailer(): Uint8Array {
    return NOTHING;
  }
}
