/**
 * One file of a series while it is written: the bytes that it has taken, the packets that are in it, and its renaming
 * at the end.
 */
import type { CaptureFile } from "./capture-file.ts";
import type { FileEncoder } from "./file-format.ts";
import type { PartialFile } from "./partial-file.ts";

export class RotatedFile {
  readonly encoder: FileEncoder;
  readonly #partial: PartialFile;
  readonly #file: CaptureFile;
  /** Packets that were handed to the file. Its bytes count the header, and are counted before they are compressed. */
  packetsTaken = 0;
  bytesTaken: number;

  constructor(partial: PartialFile, file: CaptureFile, encoder: FileEncoder) {
    this.#partial = partial;
    this.#file = file;
    this.encoder = encoder;
    this.bytesTaken = encoder.header().length;
  }

  /** The path that the file has at present. */
  get path(): string {
    return this.#partial.currentPath;
  }

  /** Whether the file has its final path. */
  get isFinished(): boolean {
    return this.#partial.currentPath === this.#partial.path;
  }

  /** The path that the file has when it is finished. */
  get finalPath(): string {
    return this.#partial.path;
  }

  /** Packets that are in the file for certain. */
  get packets(): number {
    return this.#file.packetsWritten;
  }

  /** Bytes that the file has when all that it took is written. What is still to be compressed counts as it is before. */
  get bytesExpected(): number {
    return this.#file.bytesWritten + this.#file.bytesPending;
  }

  /** The name of the file until it is finished. */
  get partialPath(): string {
    return this.#partial.partialPath;
  }

  /** The path that another program gave the file before it was finished. */
  get movedTo(): string | undefined {
    return this.#partial.movedTo;
  }

  /** Bytes that are in the file for certain, as they lie on the disk. */
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

  /** Ends the file as PartialFile.finish() does. */
  finish(): Promise<void> {
    return this.#partial.finish(this.#file);
  }
}
