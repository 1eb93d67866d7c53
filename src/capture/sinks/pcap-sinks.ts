/** pcap to a file, and pcap to a pipe. */
import { PcapEncoder, type PcapFormat, PcapWriter, pcapFileHeader } from "../../pcap-writer/index.ts";
import { BATCH_SIZE, type PacketBatch } from "../packet-batch.ts";
import { encodeBatch } from "../pcap-chunks.ts";
import type { ByteOutput } from "./byte-output.ts";
import type { PacketSink } from "./sink.ts";

/** Synchronous: handing bytes to the page cache costs less than handing them to a thread that does it. */
export class PcapFileSink implements PacketSink {
  readonly #writer: PcapWriter;

  /** Takes over the descriptor. */
  constructor(fd: number, name: string, format: PcapFormat) {
    this.#writer = new PcapWriter(fd, name, format);
  }

  get packetsWritten(): number {
    return this.#writer.packetsWritten;
  }

  get bytesWritten(): number {
    return this.#writer.bytesWritten;
  }

  write(batch: PacketBatch): void {
    const writer = this.#writer;
    const cursor = batch.cursor();
    while (cursor.next()) {
      const { seconds, nanoseconds, originalLength, bytes, start, capturedLength } = cursor;
      writer.append(seconds, nanoseconds, originalLength, bytes, start, capturedLength);
    }
    writer.flush();
  }

  close(): void {
    this.#writer.close();
  }
}

export class PcapStreamSink implements PacketSink {
  readonly #output: ByteOutput;
  readonly #encoder: PcapEncoder;
  packetsWritten = 0;

  private constructor(output: ByteOutput, encoder: PcapEncoder) {
    this.#output = output;
    this.#encoder = encoder;
  }

  /** Takes over the output and sends the file header. */
  static async open(output: ByteOutput, format: PcapFormat): Promise<PcapStreamSink> {
    await output.write(pcapFileHeader(format));
    return new PcapStreamSink(output, new PcapEncoder(format.precision ?? "micro", BATCH_SIZE));
  }

  get bytesWritten(): number {
    return this.#output.bytesWritten;
  }

  async write(batch: PacketBatch): Promise<void> {
    encodeBatch(this.#encoder, batch);
    await this.#output.write(this.#encoder.take());
    this.packetsWritten += batch.count;
  }

  async close(): Promise<void> {
    await this.#output.close();
  }
}
