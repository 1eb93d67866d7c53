/** The sink that writes the file of -w in any format. */
import { usageError } from "../errors.ts";
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { FileOwner, PacketSink, SinkNeeds } from "../pipeline/sink.ts";
import { type Compression, type Compressor, compressorOf } from "./compression/compressor.ts";
import type { FileFormat } from "./file-format.ts";
import { type OpenedSink, whereTold } from "./opened-sink.ts";
import { OutputFile } from "./output-file.ts";

export class CaptureOutput implements PacketSink {
  readonly needs: SinkNeeds;
  readonly #name: string;
  readonly #format: FileFormat;
  readonly #compressor: Compressor | undefined;
  #file: OutputFile | undefined;
  #open: OpenedSink | undefined;

  /**
   * @param name the name of the file; "-" is standard output
   * @throws RingcapError USAGE where the running version of Node.js lacks the compression
   */
  constructor(name: string, format: FileFormat, compression?: Compression) {
    this.#compressor = compression === undefined ? undefined : compressorOf(compression);
    this.needs = format.needs;
    this.#name = name;
    this.#format = format;
  }

  prepare(): void {
    this.#file = new OutputFile(this.#name);
    if (this.#compressor === undefined || this.#file.isRegular) return;
    this.discard();
    throw usageError("--compress", `${this.#name} is no regular file`, "type -w - | gzip, or name a file");
  }

  /** Bytes of a file that was there before, which begin() removes. */
  get replacedBytes(): number {
    return this.#file?.replacedBytes ?? 0;
  }

  get directory(): FileOwner | undefined {
    return this.#file?.directory;
  }

  giveTo(owner: FileOwner | undefined): void {
    this.#file?.giveTo(owner);
  }

  get files(): readonly string[] {
    return [this.#name];
  }

  get packetsWritten(): number {
    return this.#open?.packetsWritten ?? 0;
  }

  get bytesWritten(): number {
    return this.#open?.bytesWritten ?? 0;
  }

  async begin(description: SourceDescription, counters: () => CaptureCounters): Promise<void> {
    const encoder = this.#format.start(description);
    if (this.#file === undefined) throw new Error("a sink begins before it is prepared");
    this.#open = await this.#file.begin(encoder, whereTold(counters), this.#compressor);
  }

  write(batch: PacketBatch): void | Promise<void> {
    return this.#begun.write(batch);
  }

  flush(): void {
    this.#open?.flush?.();
  }

  abandon(): void {
    if (this.#open === undefined) this.#file?.giveUp();
    else this.#open.abandon?.();
  }

  close(): void | Promise<void> {
    return this.#begun.close();
  }

  discard(): void {
    if (this.#open === undefined) this.#file?.abandon();
    this.#file = undefined;
  }

  get #begun(): OpenedSink {
    if (this.#open === undefined) throw new Error("a sink is written to before it has begun");
    return this.#open;
  }
}
