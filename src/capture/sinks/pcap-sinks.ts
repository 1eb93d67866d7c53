/** pcap to a file, and pcap to a pipe. */
import { type PcapFormat, PcapWriter, pcapFileHeader, type TimeStampPrecision } from "../../pcap-writer/index.ts";
import { wholeRecords } from "../../pcap-writer/pcap-encoder.ts";
import { BATCH_SIZE, type PacketBatch } from "../packet-batch.ts";
import type { ByteOutput } from "./byte-output.ts";
import type { PacketSink } from "./sink.ts";

/** Synchronous: handing bytes to the page cache costs less than handing them to a thread that does it. */
export class PcapFileSink implements PacketSink {
  readonly #writer: PcapWriter;
  readonly #precision: TimeStampPrecision;
  readonly #buffer = new Uint8Array(BATCH_SIZE);
  #flushing = false;

  /** Takes over the descriptor. */
  constructor(fd: number, name: string, format: PcapFormat) {
    this.#writer = new PcapWriter(fd, name, format);
    this.#precision = format.precision ?? "micro";
  }

  get packetsWritten(): number {
    return this.#writer.packetsWritten;
  }

  get bytesWritten(): number {
    return this.#writer.bytesWritten;
  }

  write(batch: PacketBatch): void {
    this.#writer.writeRecords(batch.pack(this.#buffer, this.#precision), batch.count);
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

export class PcapStreamSink implements PacketSink {
  readonly #output: ByteOutput;
  readonly #precision: TimeStampPrecision;
  readonly #buffer = new Uint8Array(BATCH_SIZE);
  packetsWritten = 0;

  private constructor(output: ByteOutput, precision: TimeStampPrecision) {
    this.#output = output;
    this.#precision = precision;
  }

  /** Takes over the output and sends the file header. */
  static async open(output: ByteOutput, format: PcapFormat): Promise<PcapStreamSink> {
    await output.write(pcapFileHeader(format));
    return new PcapStreamSink(output, format.precision ?? "micro");
  }

  get bytesWritten(): number {
    return this.#output.bytesWritten;
  }

  async write(batch: PacketBatch): Promise<void> {
    const records = batch.pack(this.#buffer, this.#precision);
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
