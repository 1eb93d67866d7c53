/** One capture file: a format's header, packets and trailer, in a file that is open. */
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

  /** @param body with the header of the encoder in it */
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

  write(batch: PacketBatch): void | Promise<void> {
    return this.writeEncoded(this.#encoder.encode(batch), batch.count);
  }

  /** Packets as the encoder laid them out. */
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
   * Ends the file, and puts it on the disk while the process goes on. It is left open: see release().
   *
   * @throws RingcapError OUTPUT, but for the one that a write threw
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
