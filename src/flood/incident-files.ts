/** The capture files of an incident: capture.pcapng, or capture-0001.pcapng and others where one would become too large. */
import { closeSync, constants, renameSync } from "node:fs";
import { join } from "node:path";
import { CaptureFile } from "../outputs/capture-file.ts";
import type { FileBody } from "../outputs/file-body.ts";
import { openBody } from "../outputs/open-body.ts";
import type { FileStatistics } from "../outputs/pcapng-statistics.ts";
import { firstPart } from "../outputs/split.ts";
import type { CaptureCounters, SourceDescription } from "../packets/captured.ts";
import { openOutput, outputError } from "../pcap-writer/index.ts";
import type { PacketRow } from "./packet-row.ts";
import { RowEncoder } from "./row-encoder.ts";

const CREATE = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const ONLY_NAME = "capture.pcapng";

export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly packets: number;
}

interface OpenFile {
  name: string;
  readonly encoder: RowEncoder;
  readonly file: CaptureFile;
  /** Whether it is closed, as the last one may be too, where no other one could be opened behind it. */
  isEnded: boolean;
  /** Bytes that it was handed. */
  taken: number;
}

export interface IncidentFileOptions {
  readonly description: SourceDescription;
  readonly counters: () => CaptureCounters | undefined;
  readonly statistics: FileStatistics;
  /** Bytes above which packets go on in another file. */
  readonly splitSize: number;
  readonly comment: string;
}

export class IncidentFiles {
  readonly #directory: string;
  readonly #options: IncidentFileOptions;
  readonly #files: OpenFile[] = [];
  #current: OpenFile;

  /** Opens the first file. @throws RingcapError OUTPUT */
  constructor(directory: string, options: IncidentFileOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#current = this.#open(ONLY_NAME);
  }

  #open(name: string): OpenFile {
    const { description, statistics, comment, counters } = this.#options;
    const path = join(this.#directory, name);
    const encoder = new RowEncoder(description, statistics, comment);
    const body = openOwnBody(path, encoder);
    const file = new CaptureFile(body, encoder, counters);
    const opened = { name, encoder, file, taken: encoder.header().length, isEnded: false };
    this.#files.push(opened);
    return opened;
  }

  /** What is in the files for certain. */
  get packets(): number {
    return this.#files.reduce((sum, { file }) => sum + file.packetsWritten, 0);
  }

  get bytes(): number {
    return this.#files.reduce((sum, { file }) => sum + file.bytesWritten, 0);
  }

  get written(): readonly WrittenFile[] {
    return this.#files.map(({ name, file }) => ({ name, bytes: file.bytesWritten, packets: file.packetsWritten }));
  }

  /** Writes packets, whose memory may be used again when the call returns, or when its promise resolves. @throws RingcapError OUTPUT */
  write(row: PacketRow): void | Promise<void> {
    const { splitSize } = this.#options;
    if (this.#current.taken + row.bytes.length <= splitSize) return this.#append(row);
    return this.#writeInParts(row);
  }

  #append(row: PacketRow): void | Promise<void> {
    const { file, encoder } = this.#current;
    this.#current.taken += row.bytes.length;
    encoder.count(row);
    return file.writeEncoded(row.bytes, row.packets);
  }

  async #writeInParts({ bytes, packets }: PacketRow): Promise<void> {
    const { encoder, taken } = this.#current;
    const part = firstPart(encoder, bytes, packets, this.#options.splitSize - taken);
    if (part.packets > 0) await this.#append({ bytes: bytes.subarray(0, part.bytes), packets: part.packets });
    await this.#next();
    const rest = { bytes: bytes.subarray(part.bytes), packets: packets - part.packets };
    if (rest.packets > 0) await this.#append(rest);
  }

  /** Goes on in another file. The first one gets a number, too. */
  async #next(): Promise<void> {
    const current = this.#current;
    await this.finish();
    if (this.#files.length === 1 && current.taken > 0) this.#numberFirst(current);
    const number = String(this.#files.length + 1).padStart(4, "0");
    this.#current = this.#open(`capture-${number}.pcapng`);
  }

  #numberFirst(first: OpenFile): void {
    const name = "capture-0001.pcapng";
    try {
      renameSync(join(this.#directory, first.name), join(this.#directory, name));
      first.name = name;
    } catch (error) {
      throw outputError(join(this.#directory, name), error);
    }
  }

  /** Puts a remark behind the packets that were written. @param time nanoseconds since the epoch @throws RingcapError OUTPUT */
  remark(time: bigint, comment: string): void | Promise<void> {
    const { encoder, file } = this.#current;
    const block = encoder.remark(time, comment);
    this.#current.taken += block.length;
    return file.writeEncoded(block, 0);
  }

  /** Closes the file without putting anything on the disk. */
  release(): void {
    this.#current.file.release();
  }

  /** Ends the last file and puts it on the disk. @throws RingcapError OUTPUT; everything is closed in that case too */
  async finish(): Promise<void> {
    const current = this.#current;
    if (current.isEnded) return;
    current.isEnded = true;
    try {
      await current.file.finish();
    } finally {
      current.file.release();
    }
  }
}

/** @throws RingcapError OUTPUT; nothing is open in that case */
function openOwnBody(path: string, encoder: RowEncoder): FileBody {
  const fd = openOutput(path, CREATE);
  try {
    return openBody(fd, path, encoder, undefined, true);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
