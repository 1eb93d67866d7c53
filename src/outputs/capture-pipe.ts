/** A capture file that is written to a pipe or socket, whose reader may stall. */
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { ByteOutput } from "./byte-sink.ts";
import type { FileEncoder } from "./file-format.ts";
import type { CountersSoFar, OpenedSink } from "./opened-sink.ts";

export class CapturePipe implements OpenedSink {
  readonly #output: ByteOutput;
  readonly #encoder: FileEncoder;
  readonly #counters: CountersSoFar;
  #failed = false;
  packetsWritten = 0;

  private constructor(output: ByteOutput, encoder: FileEncoder, counters: CountersSoFar) {
    this.#output = output;
    this.#encoder = encoder;
    this.#counters = counters;
  }

  /** Takes over the output, and writes the header. Where that fails, the output is closed. */
  static async open(output: ByteOutput, encoder: FileEncoder, counters: CountersSoFar): Promise<CapturePipe> {
    try {
      await output.write(encoder.header());
    } catch (error) {
      await output.close();
      throw error;
    }
    return new CapturePipe(output, encoder, counters);
  }

  get bytesWritten(): number {
    return this.#output.bytesWritten;
  }

  async write(batch: PacketBatch): Promise<void> {
    const records = this.#encoder.encode(batch);
    const before = this.#output.bytesWritten;
    try {
      await this.#output.write(records);
      this.packetsWritten += batch.count;
    } catch (error) {
      this.#failed = true;
      this.packetsWritten += this.#encoder.wholeRecords(records, this.#output.bytesWritten - before).records;
      throw error;
    }
  }

  abandon(): void {
    this.#output.abandon();
  }

  async close(): Promise<void> {
    try {
      if (!this.#failed) await this.#writeTrailer();
    } finally {
      await this.#output.close();
    }
  }

  async #writeTrailer(): Promise<void> {
    const trailer = this.#encoder.trailer(this.#counters(), this.packetsWritten);
    if (trailer.length > 0) await this.#output.write(trailer);
  }
}
