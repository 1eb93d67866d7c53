/** Writes pcap files, whole records only: what a full disk cut off is taken back. */
import { closeSync, constants } from "node:fs";
import { usageError } from "../errors.ts";
import { openOutput } from "./output.ts";
import { PcapEncoder, type PcapFormat, pcapFileHeader, SNAPSHOT_LENGTH_MAX, wholeRecords } from "./pcap-encoder.ts";
import { RecordFile } from "./record-file.ts";

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
  readonly #file: RecordFile;
  readonly #snapshotLength: number;
  readonly #encoder: PcapEncoder;
  #pending = 0;

  /**
   * Takes over an open descriptor and writes the file header at its position.
   *
   * @param name of the file, for messages
   * @throws RingcapError USAGE for a format out of range, OUTPUT when the header cannot be written
   */
  constructor(fd: number, name: string, format: PcapFormat) {
    const header = pcapFileHeader(format);
    this.#snapshotLength = format.snapshotLength ?? SNAPSHOT_LENGTH_MAX;
    this.#encoder = new PcapEncoder(format.precision ?? "micro", Math.max(BUFFER_SIZE, this.#snapshotLength + 16));
    this.#file = new RecordFile(fd, name, header, wholeRecords);
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
    return this.#file.packets;
  }

  /** Bytes in the file, header included. */
  get bytesWritten(): number {
    return this.#file.bytes;
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
    if (this.#file.refusal !== undefined) throw this.#file.refusal;
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
    this.#file.write(this.#encoder.take(), pending);
  }

  /**
   * Flushes, and waits until a regular file is on its disk. Where the kernel says that it is not, packetsWritten counts
   * what was there at the last sync() that succeeded, and no packet is taken after that.
   *
   * @throws RingcapError OUTPUT, also where others changed the file
   */
  sync(): void {
    if (this.#file.refusal === undefined) this.flush();
    this.#file.sync();
  }

  /** As sync(), and closes. @throws RingcapError OUTPUT; it is closed then too */
  close(): void {
    try {
      if (this.#file.refusal === undefined) this.flush();
    } finally {
      this.#file.close();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
