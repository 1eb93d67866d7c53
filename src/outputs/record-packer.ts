/** Lays batches out as records of a pcap file, in memory that is used again for each batch. */
import { BATCH_SIZE, type PacketBatch } from "../packets/packet-batch.ts";
import type { PcapFormat } from "../pcap-writer/index.ts";
import type { ChecksumRepair } from "./checksum-repair.ts";

export class RecordPacker {
  readonly #format: PcapFormat;
  readonly #checksums: ChecksumRepair | undefined;
  readonly #buffer = new Uint8Array(BATCH_SIZE);

  constructor(format: PcapFormat, checksums: ChecksumRepair | undefined) {
    this.#format = format;
    this.#checksums = checksums;
  }

  /**
   * Lays a batch out.
   *
   * @returns memory of the packer or of the batch, valid as long as the batch is and until the next call
   */
  pack(batch: PacketBatch): Uint8Array {
    const { precision = "micro", linkType } = this.#format;
    const records = batch.pack(this.#buffer, precision);
    return this.#checksums?.repair(records, batch.count, linkType, this.#buffer) ?? records;
  }
}
