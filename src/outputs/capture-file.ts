/** One capture file on a descriptor that is open: a format's header, packets and trailer. */
import type { PacketBatch } from "../packets/packet-batch.ts";
import { RecordFile } from "../pcap-writer/record-file.ts";
import type { FileEncoder } from "./file-format.ts";
import type { CountersSoFar, OpenedSink } from "./opened-sink.ts";

/** Synchronous: handing bytes to the page cache costs less than handing them to a thread that does it. */
export class CaptureFile implements OpenedSink {
  readonly #encoder: FileEncoder;
  readonly #file: RecordFile;
  readonly #counters: CountersSoFar;
  #flushing = false;

  /** Takes over the descriptor, and writes the header. @throws RingcapError OUTPUT; the descriptor stays open */
  constructor(fd: number, name: string, encoder: FileEncoder, counters: CountersSoFar) {
    this.#encoder = encoder;
    this.#counters = counters;
    this.#file = new RecordFile(fd, name, encoder.header(), (bytes, limit) => encoder.wholeRecords(bytes, limit));
  }

  get packetsWritten(): number {
    return this.#file.packets;
  }

  get bytesWritten(): number {
    return this.#file.bytes;
  }

  write(batch: PacketBatch): void {
    this.#file.write(this.#encoder.encode(batch), batch.count);
    if (!this.#flushing) return;
    this.#flushing = false;
    this.#file.sync();
  }

  flush(): void {
    this.#flushing = true;
  }

  close(): void {
    try {
      if (this.#file.refusal === undefined) this.#writeTrailer();
    } finally {
      this.#file.close();
    }
  }

  #writeTrailer(): void {
    const trailer = this.#encoder.trailer(this.#counters(), this.#file.packets);
    if (trailer.length > 0) this.#file.write(trailer, 0);
  }
}
