/** pcap to a file, and pcap to a pipe, once they are open. */

import type { PacketBatch } from "../packets/packet-batch.ts";
import { type PcapFormat, PcapWriter, pcapFileHeader } from "../pcap-writer/index.ts";
import { wholeRecords } from "../pcap-writer/pcap-encoder.ts";
import type { PacketSink } from "../pipeline/sink.ts";
import type { ByteOutput } from "./byte-sink.ts";
import type { ChecksumRepair } from "./checksum-repair.ts";
import { RecordPacker } from "./record-packer.ts";

/** A sink whose header is written. */
export type OpenPcapSink = Omit<PacketSink, "needs" | "begin" | "discard">;

/** Synchronous: handing bytes to the page cache costs less than handing them to a thread that does it. */
export class PcapFileSink implements OpenPcapSink {
  readonly #writer: PcapWriter;
  readonly #packer: RecordPacker;
  #flushing = false;

  /** Takes over the descriptor. */
  constructor(fd: number, name: string, format: PcapFormat, checksums?: ChecksumRepair) {
    this.#writer = new PcapWriter(fd, name, format);
    this.#packer = new RecordPacker(format, checksums);
  }

  get packetsWritten(): number {
    return this.#writer.packetsWritten;
  }

  get bytesWritten(): number {
    return this.#writer.bytesWritten;
  }

  write(batch: PacketBatch): void {
    this.#writer.writeRecords(this.#packer.pack(batch), batch.count);
    if (!this.#flushing) return;
    this.#flushing = false;
    this.#writer.sync();
  }

  flush(): void {
    this.#flushing = true;
  }

  close(): void {
    this.#writer.close();
  }
}

export class PcapStreamSink implements OpenPcapSink {
  readonly #output: ByteOutput;
  readonly #packer: RecordPacker;
  packetsWritten = 0;

  private constructor(output: ByteOutput, packer: RecordPacker) {
    this.#output = output;
    this.#packer = packer;
  }

  /** Takes over the output and sends the file header. */
  static async open(output: ByteOutput, format: PcapFormat, checksums?: ChecksumRepair): Promise<PcapStreamSink> {
    await output.write(pcapFileHeader(format));
    return new PcapStreamSink(output, new RecordPacker(format, checksums));
  }

  get bytesWritten(): number {
    return this.#output.bytesWritten;
  }

  async write(batch: PacketBatch): Promise<void> {
    const records = this.#packer.pack(batch);
    const before = this.#output.bytesWritten;
    try {
      await this.#output.write(records);
      this.packetsWritten += batch.count;
    } catch (error) {
      this.packetsWritten += wholeRecords(records, this.#output.bytesWritten - before).records;
      throw error;
    }
  }

  abandon(): void {
    this.#output.abandon();
  }

  async close(): Promise<void> {
    await this.#output.close();
  }
}
