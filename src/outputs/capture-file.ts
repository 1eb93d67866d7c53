/** One capture file: the header, the packets and the trailer of a format, in a file that is open. */
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { FileBody } from "./file-body.ts";
import type { FileEncoder } from "./file-format.ts";
import type { CountersSoFar, OpenedSink } from "./opened-sink.ts";

export class CaptureFile implements OpenedSink {
  readonly #encoder: FileEncoder;
  readonly #body: FileBody;
  readonly #counters: CountersSoFar;
  #flushing = false;
  #taken = 0;

  /** @param body the file's body, in which the header of the encoder is written already */
  constructor(body: FileBody, encoder: FileEncoder, counters: CountersSoFar) {
    this.#body = body;
    this.#encoder = encoder;
    this.#counters = counters;
  }

  get packetsWritten(): number {
    return this.#body.packets;
  }

  get bytesWritten(): number {
    return this.#body.bytes;
  }

  /** Bytes, before they are compressed, that were taken and are not in the file yet. */
  get bytesPending(): number {
    return this.#body.bytesPending ?? 0;
  }

  write(batch: PacketBatch): void | Promise<void> {
    return this.writeEncoded(this.#encoder.encode(batch), batch.count);
  }

  /** Writes packets that the encoder has laid out. */
  writeEncoded(records: Uint8Array, packets: number): void | Promise<void> {
    const written = this.#body.write(records, packets);
    this.#taken += packets;
    if (!this.#flushing) return written;
    this.#flushing = false;
    return written === undefined ? this.#body.sync() : written.then(() => this.#body.sync());
  }

  flush(): void {
    this.#flushing = true;
  }

  close(): void | Promise<void> {
    let written: void | Promise<void>;
    try {
      written = this.#writeTrailer();
    } catch (error) {
      this.#body.close();
      throw error;
    }
    return written === undefined ? this.#body.close() : written.finally(() => this.#body.close());
  }

  /**
   * Writes the trailer, and puts the file on the disk while the process goes on with other work. The file stays open
   * until release().
   *
   * @throws RingcapError OUTPUT where that fails; an error that a write threw before is not thrown again
   */
  async finish(): Promise<void> {
    try {
      await this.#writeTrailer();
    } finally {
      await this.#body.settle();
    }
  }

  release(): void {
    this.#body.release();
  }

  #writeTrailer(): void | Promise<void> {
    if (this.#body.refusal !== undefined) return;
    const trailer = this.#encoder.trailer(this.#counters(), this.#taken);
    if (trailer.length > 0) return this.#body.write(trailer, 0);
  }
}
