/** Writes pcap files that end with a whole record, also where a full disk cuts a write off. */
import { closeSync, constants } from "node:fs";
import { usageError } from "../errors.ts";
import { openOutput } from "./output.ts";
import { PcapEncoder, type PcapFormat, pcapFileHeader, SNAPSHOT_LENGTH_MAX, wholeRecords } from "./pcap-encoder.ts";
import { RecordFile } from "./record-file.ts";

/** A packet as PcapWriter.write() takes it. */
export interface PcapPacket {
  /** Nanoseconds since the epoch, less than 2^32 seconds. */
  timestamp: bigint;
  /** The captured bytes. */
  data: Uint8Array;
  /**
   * Bytes of the packet on the wire. The default is the length of `data`. Some files claim fewer bytes than they hold
   * of a packet.
   */
  originalLength?: number | undefined;
}

/** Bytes of the buffer for packets. The largest packet fits, and system calls are few. */
const BUFFER_SIZE = 1 << 20;
const NANOSECONDS = 1_000_000_000n;
/**
 * With O_APPEND, bytes are written to the end of the file even where another program has cut the file, so that the cut
 * is noticed.
 */
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
   * Takes over an open descriptor, and writes the file header at its position.
   *
   * @param name the name of the file, for messages
   * @throws RingcapError USAGE for a format that a file cannot have, OUTPUT when the header cannot be written
   */
  constructor(fd: number, name: string, format: PcapFormat) {
    const header = pcapFileHeader(format);
    this.#snapshotLength = format.snapshotLength ?? SNAPSHOT_LENGTH_MAX;
    this.#encoder = new PcapEncoder(format.precision ?? "micro", Math.max(BUFFER_SIZE, this.#snapshotLength + 16));
    this.#file = new RecordFile(fd, name, header, wholeRecords);
  }

  /**
   * Creates the file, or empties it.
   *
   * @throws RingcapError OUTPUT if that fails, USAGE for a format that a file cannot have
   */
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

  /** Packets in the file. Packets kept in memory do not count. */
  get packetsWritten(): number {
    return this.#file.packets;
  }

  /** Bytes in the file, the file header included. */
  get bytesWritten(): number {
    return this.#file.bytes;
  }

  /** Packets kept in memory, which the next flush() writes. */
  get packetsPending(): number {
    return this.#pending;
  }

  /**
   * Adds a packet, cut to the snapshot length.
   *
   * @throws RingcapError USAGE for a time or length that the file cannot hold, OUTPUT when the buffer is full and
   *   cannot be written, after a write that failed, and after close()
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

  /**
   * Adds a packet without an object for it, and without cutting it. PcapEncoder.append() describes the parameters.
   *
   * @throws RingcapError as write()
   */
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
   * Hands what is kept in memory to the kernel. When the kernel does not take all of it, the file is cut back to its
   * last whole record, packetsWritten counts the packets in the file, and the rest is forgotten. No packet is taken
   * after such a failure.
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
   * Flushes, and waits until a regular file is on its disk. Where the kernel says that the file is not, packetsWritten
   * counts the packets that the last successful sync() put there, and no packet is taken any more.
   *
   * @throws RingcapError OUTPUT, also where another program changed the file
   */
  sync(): void {
    if (this.#file.refusal === undefined) this.flush();
    this.#file.sync();
  }

  /**
   * Flushes and waits as sync() does, and closes the file.
   *
   * @throws RingcapError OUTPUT; the file is closed in that case too
   */
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
