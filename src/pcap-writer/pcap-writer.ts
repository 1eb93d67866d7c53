/** Writes pcap files, whole records only: what a full disk cut off is taken back. */
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, writeSync } from "node:fs";
import { RingcapError, usageError } from "../errors.ts";
import { openOutput, outputError } from "./output.ts";
import { PcapEncoder, type PcapFormat, pcapFileHeader, SNAPSHOT_LENGTH_MAX, wholeRecords } from "./pcap-encoder.ts";
import { type Damage, type Extent, WrittenFile } from "./written-file.ts";

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
/** What is written goes to the end of the file, also where others cut it meanwhile: there it is noticed. */
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

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
  /** Undefined for pipes and devices. */
  readonly #file: WrittenFile | undefined;
  readonly #snapshotLength: number;
  readonly #encoder: PcapEncoder;
  #pending = 0;
  #written: Extent = { packets: 0, bytes: 0 };
  /** What is known to be on the disk. */
  #synced: Extent = { packets: 0, bytes: 0 };
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
    const before = this.#attempt(() => fstatSync(fd));
    this.#snapshotLength = format.snapshotLength ?? SNAPSHOT_LENGTH_MAX;
    this.#encoder = new PcapEncoder(format.precision ?? "micro", Math.max(BUFFER_SIZE, this.#snapshotLength + 16));
    const written = this.#writeAll(header);
    if (written.error !== undefined) {
      if (before.isFile()) this.#cut(written.bytes);
      throw outputError(this.#name, written.error);
    }
    this.#written = { packets: 0, bytes: header.length };
    if (before.isFile()) this.#file = this.#attempt(() => new WrittenFile(fd, name, header, before.size));
  }

  /** Creates the file, or empties it. @throws RingcapError OUTPUT or USAGE */
  static create(path: string, format: PcapFormat): PcapWriter {
    pcapFileHeader(format);
    const fd = openOutput(path, CREATE_FLAGS);
    try {
      return new PcapWriter(fd, path, format);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** Packets in the file; those kept in memory do not count. */
  get packetsWritten(): number {
    return this.#written.packets;
  }

  /** Bytes in the file, header included. */
  get bytesWritten(): number {
    return this.#written.bytes;
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
    this.#checkFile();
    const { bytes, error } = this.#writeAll(encoded);
    if (error === undefined) {
      this.#add({ packets: pending, bytes });
      this.#attempt(() => this.#file?.noteWrite());
      return;
    }
    // The position in the file is behind what is cut off: writing on would leave a hole.
    this.#refusal = outputError(this.#name, error);
    const whole = wholeRecords(encoded, bytes);
    this.#add({ packets: whole.records, bytes: whole.bytes });
    if (this.#file !== undefined) this.#cut(bytes - whole.bytes);
    throw this.#refusal;
  }

  #add({ packets, bytes }: Extent): void {
    this.#written = { packets: this.#written.packets + packets, bytes: this.#written.bytes + bytes };
  }

  /** Where others changed the file, packetsWritten counts what is left of it. */
  #checkFile(): void {
    this.#refuse(this.#attempt(() => this.#file?.damage(this.#written)));
  }

  #refuse(damage: Damage | undefined): void {
    if (damage === undefined) return;
    this.#written = damage.left;
    this.#refusal = damage.error;
    throw damage.error;
  }

  /**
   * Flushes, and waits until a regular file is on its disk. Where the kernel says that it is not, packetsWritten counts
   * what was there at the last sync() that succeeded, and no packet is taken after that.
   *
   * @throws RingcapError OUTPUT, also where others changed the file
   */
  sync(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
    this.flush();
    this.#checkFile();
    this.#refuse(this.#attempt(() => this.#file?.damageWithin(this.#written)));
    this.#syncFile();
  }

  #syncFile(): void {
    if (this.#file === undefined) return;
    try {
      fsyncSync(this.#fd);
    } catch (error) {
      this.#written = this.#synced;
      this.#refusal = outputError(this.#name, error);
      throw this.#refusal;
    }
    this.#synced = this.#written;
  }

  /** As sync(), and closes. @throws RingcapError OUTPUT; it is closed then too */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      // What was written before a failure is worth keeping.
      if (this.#refusal === undefined) this.sync();
      else this.#syncFile();
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

  /** Removes so many bytes from the end of the file: the part of the last write that is no whole record. */
  #cut(length: number): void {
    if (length > 0) this.#attempt(() => ftruncateSync(this.#fd, fstatSync(this.#fd).size - length));
  }

  /** The system call, its failure worded as one of this file. */
  #attempt<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw outputError(this.#name, error);
    }
  }
}
