/** Writes pcap files, whole records only: what a full disk cut off is taken back. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { errnoOf, RingcapError, reasonOf, usageError } from "../errors.ts";
import { PcapEncoder, type PcapFormat, pcapFileHeader, SNAPSHOT_LENGTH_MAX, wholeRecords } from "./pcap-encoder.ts";

export interface PcapPacket {
  /** Nanoseconds since the epoch, below 2^32 seconds. */
  timestamp: bigint;
  /** The captured bytes. */
  data: Uint8Array;
  /** Bytes of the packet on the wire; default: those captured. Some files claim fewer than they have. */
  originalLength?: number | undefined;
}

/** Bytes kept before they are handed to the kernel: room for the largest packet, and few system calls. */
const BUFFER_SIZE = 1 << 20;
const NANOSECONDS = 1_000_000_000n;

/**
 * A pcap file being written. Packets are kept in memory until flush(), close(), or until there are 1 MiB of them.
 *
 * ```ts
 * using writer = PcapWriter.create("out.pcap", { linkType: 1 });
 * writer.write({ timestamp: 1_700_000_000_123_456_789n, data: frame });
 * ```
 */
export class PcapWriter implements Disposable {
  readonly #fd: number;
  readonly #name: string;
  readonly #regular: boolean;
  readonly #snapshotLength: number;
  readonly #encoder: PcapEncoder;
  #pending = 0;
  #packets = 0;
  #bytes = 0;
  #open = true;
  /** Why no further packet is taken: the writer is closed, or a write failed. */
  #refusal: RingcapError | undefined;

  /**
   * Takes over an open descriptor and writes the file header at its position.
   *
   * @param name of the file, for messages
   * @throws RingcapError USAGE for a format out of range, OUTPUT when the header cannot be written
   */
  constructor(fd: number, name: string, format: PcapFormat) {
    const header = pcapFileHeader(format);
    this.#fd = fd;
    this.#name = name;
    this.#regular = this.#attempt(() => fstatSync(fd).isFile());
    this.#snapshotLength = format.snapshotLength ?? SNAPSHOT_LENGTH_MAX;
    this.#encoder = new PcapEncoder(format.precision ?? "micro", Math.max(BUFFER_SIZE, this.#snapshotLength + 16));
    const written = this.#writeAll(header);
    if (written.error !== undefined) {
      this.#takeBack(written.bytes, 0);
      throw this.#failure(written.error);
    }
    this.#bytes = header.length;
  }

  /** Creates the file, or empties it. @throws RingcapError OUTPUT or USAGE */
  static create(path: string, format: PcapFormat): PcapWriter {
    pcapFileHeader(format);
    const fd = openOutput(path, "w");
    try {
      return new PcapWriter(fd, path, format);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Packets in the file; those kept in memory do not count. */
  get packetsWritten(): number {
    return this.#packets;
  }

  /** Bytes in the file, header included. */
  get bytesWritten(): number {
    return this.#bytes;
  }

  /** Packets kept in memory, which the next flush writes. */
  get packetsPending(): number {
    return this.#pending;
  }

  /**
   * Adds a packet, cut to the snapshot length.
   *
   * @throws RingcapError USAGE for a time or length that the file cannot hold, OUTPUT when the buffer is full and
   *   cannot go out, after a write that failed, or after close()
   */
  write(packet: PcapPacket): void {
    const { timestamp, data, originalLength = data.length } = packet;
    const seconds = Number(timestamp / NANOSECONDS);
    if (timestamp < 0n || seconds > 0xffff_ffff)
      throw usageError("timestamp", `${timestamp} ns does not fit a pcap file`);
    if (!Number.isInteger(originalLength) || originalLength < 0 || originalLength > 0xffff_ffff) {
      throw usageError("originalLength", `${originalLength} is not a number of bytes from 0 to 4294967295`);
    }
    const capturedLength = Math.min(data.length, this.#snapshotLength);
    this.append(seconds, Number(timestamp % NANOSECONDS), originalLength, data, 0, capturedLength);
  }

  /** As write(), but without an object for each packet and without cutting anything: see PcapEncoder.append. */
  append(
    seconds: number,
    nanoseconds: number,
    originalLength: number,
    source: Uint8Array,
    start: number,
    capturedLength: number,
  ): void {
    if (this.#refusal !== undefined) throw this.#refusal;
    if (!this.#encoder.fits(capturedLength)) this.flush();
    this.#encoder.append(seconds, nanoseconds, originalLength, source, start, capturedLength);
    this.#pending++;
  }

  /**
   * Hands what is kept in memory to the kernel. When it does not take all, the file is cut back to its last whole
   * record, packetsWritten counts what is in it, and the rest is forgotten. No packet is taken after that.
   *
   * @throws RingcapError OUTPUT, or OUTPUT_CLOSED when the reader of a pipe went away
   */
  flush(): void {
    if (this.#pending === 0) return;
    const pending = this.#pending;
    this.#pending = 0;
    this.#send(this.#encoder.take(), pending);
  }

  /**
   * Writes packets that are pcap records already, of this file's precision and byte order, little-endian. Fails as
   * flush() does.
   */
  writeRecords(records: Uint8Array, packets: number): void {
    if (this.#refusal !== undefined) throw this.#refusal;
    this.flush();
    this.#send(records, packets);
  }

  #send(encoded: Uint8Array, pending: number): void {
    const { bytes, error } = this.#writeAll(encoded);
    if (error === undefined) {
      this.#packets += pending;
      this.#bytes += bytes;
      return;
    }
    // The position in the file is behind what is cut off: writing on would leave a hole.
    this.#refusal = this.#failure(error);
    const whole = wholeRecords(encoded, bytes);
    this.#packets += whole.records;
    this.#bytes += whole.bytes;
    this.#takeBack(bytes, whole.bytes);
    throw this.#refusal;
  }

  /** Flushes, waits until a regular file is on its disk, and closes. @throws RingcapError OUTPUT; it is closed then too */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      this.flush();
      if (this.#regular) this.#attempt(() => fsyncSync(this.#fd));
    } finally {
      const operation = `write ${this.#name}`;
      this.#refusal ??= new RingcapError(`${operation}: it is closed`, { code: "OUTPUT", operation });
      this.#attempt(() => closeSync(this.#fd));
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #writeAll(bytes: Uint8Array): { bytes: number; error?: unknown } {
    let written = 0;
    while (written < bytes.length) {
      try {
        written += writeSync(this.#fd, bytes, written);
      } catch (error) {
        return { bytes: written, error };
      }
    }
    return { bytes: written };
  }

  /** Removes the part of the last write that is no whole record. A pipe keeps it: what was sent is sent. */
  #takeBack(written: number, whole: number): void {
    if (!this.#regular || written === whole) return;
    this.#attempt(() => ftruncateSync(this.#fd, fstatSync(this.#fd).size - (written - whole)));
  }

  /** The system call, its failure worded as one of this file. */
  #attempt<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): RingcapError {
    return outputError(this.#name, error);
  }
}

/** Opens a file for writing. @throws RingcapError OUTPUT */
export function openOutput(path: string, flags: string | number): number {
  try {
    return openSync(path, flags, 0o644);
  } catch (error) {
    throw outputError(path, error);
  }
}

/** The wording of a failed write. */
export function outputError(name: string, error: unknown): RingcapError {
  const errno = errnoOf(error);
  const operation = `write ${name}`;
  if (errno === "EPIPE") {
    return new RingcapError(`${operation}: its reader closed it`, { code: "OUTPUT_CLOSED", operation, cause: error });
  }
  const hint =
    errno === "ENOSPC" || errno === "EDQUOT" ? "free some space, or write to another file system" : undefined;
  return new RingcapError(`${operation}: ${reasonOf(error)}`, { code: "OUTPUT", operation, hint, cause: error });
}
