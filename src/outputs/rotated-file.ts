/** One file of a series while it is written: what it has taken, what is in it, and its way to its own name. */
import type { CaptureFile } from "./capture-file.ts";
import type { FileEncoder } from "./file-format.ts";
import type { PartialFile } from "./partial-file.ts";

export class RotatedFile {
  readonly encoder: FileEncoder;
  readonly #partial: PartialFile;
  readonly #file: CaptureFile;
  /** Packets and bytes that were handed to it, header included, before they are compressed. */
  packetsTaken = 0;
  bytesTaken: number;

  constructor(partial: PartialFile, file: CaptureFile, encoder: FileEncoder) {
    this.#partial = partial;
    this.#file = file;
    this.encoder = encoder;
    this.bytesTaken = encoder.header().length;
  }

  /** The name that it has. */
  get path(): string {
    return this.#partial.currentPath;
  }

  /** Whether it has the name that it has at last. */
  get isFinished(): boolean {
    return this.#partial.currentPath === this.#partial.path;
  }

  /** The name that it has at last. */
  get finalPath(): string {
    return this.#partial.path;
  }

  /** Packets in it for certain. */
  get packets(): number {
    return this.#file.packetsWritten;
  }

  /** Bytes in it for certain, as they lie on the disk. */
  get bytes(): number {
    return this.#file.bytesWritten;
  }

  write(records: Uint8Array, packets: number): void | Promise<void> {
    this.packetsTaken += packets;
    this.bytesTaken += records.length;
    return this.#file.writeEncoded(records, packets);
  }

  flush(): void {
    this.#file.flush();
  }

  /** See PartialFile.finish. */
  finish(): Promise<void> {
    return this.#partial.finish(this.#file);
  }
}
