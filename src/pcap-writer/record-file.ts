/** A file that holds whole records only. What a full disk cuts off in the middle of a record is removed. */
import { closeSync, fstatSync, fsync, fsyncSync, ftruncateSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { RingcapError } from "../errors.ts";
import { outputError } from "./output.ts";
import { type Damage, type Extent, type WholeRecords, WrittenFile } from "./written-file.ts";

const fsyncLater = promisify(fsync);
const NOTHING: Extent = { packets: 0, bytes: 0 };

/** How many bytes of a write the kernel took, and why not all. */
interface Taken {
  bytes: number;
  error?: unknown;
}

export class RecordFile {
  readonly #fd: number;
  readonly #name: string;
  readonly #wholeRecords: WholeRecords;
  /** The checks of a regular file; undefined for pipes and devices. */
  readonly #file: WrittenFile | undefined;
  #written = NOTHING;
  /** The packets and bytes that are known to be on the disk. */
  #synced = NOTHING;
  #open = true;
  #refusal: RingcapError | undefined;

  /**
   * Takes over an open descriptor, which close() closes, and writes the file header at its position.
   *
   * @param name the name of the file, for messages
   * @throws RingcapError OUTPUT when the header cannot be written; the descriptor stays open
   */
  constructor(fd: number, name: string, header: Uint8Array, wholeRecords: WholeRecords) {
    this.#fd = fd;
    this.#name = name;
    this.#wholeRecords = wholeRecords;
    const before = this.#attempt(() => fstatSync(fd));
    const { bytes, error } = this.#writeAll(header);
    if (error !== undefined) {
      if (before.isFile()) this.#cut(bytes);
      throw outputError(name, error);
    }
    this.#written = { packets: 0, bytes };
    if (before.isFile()) {
      this.#file = this.#attempt(() => new WrittenFile(fd, name, header, before.size, wholeRecords));
    }
  }

  /** Packets in the file. */
  get packets(): number {
    return this.#written.packets;
  }

  /** Bytes in the file, the file header included. */
  get bytes(): number {
    return this.#written.bytes;
  }

  /**
   * The reason why nothing more is taken: the file is closed, or a write failed. It is undefined as long as records are
   * taken.
   */
  get refusal(): RingcapError | undefined {
    return this.#refusal;
  }

  /**
   * Hands whole records to the kernel. When the kernel does not take all of them, the file is cut back to its last
   * whole record, `packets` counts the packets in the file, and the rest is forgotten. Nothing is taken after such a
   * failure.
   *
   * @param packets the number of packets in the records
   * @throws RingcapError OUTPUT, or OUTPUT_CLOSED when the reader of a pipe went away
   */
  write(records: Uint8Array, packets: number): void {
    this.#begin();
    this.#checkFile();
    this.#keep(this.#writeAll(records), records, 0, packets);
  }

  /**
   * As write(), of a part of the file that may begin and end within a record. Nothing else is written meanwhile.
   *
   * @param before what lies in the file right before it, from the beginning of a record on
   * @param packets in the file when the part is written, beyond those that are counted
   * @param begin writes the first bytes in a way of its own, and resolves with their number. Default: nothing
   */
  async writePiece(
    part: Uint8Array,
    before: Uint8Array,
    packets: number,
    begin?: (part: Uint8Array) => Promise<number>,
  ): Promise<void> {
    this.#begin();
    this.#checkFile();
    const begun = (await begin?.(part)) ?? 0;
    const { bytes, error } = this.#writeAll(part, begun);
    this.#keep({ bytes, error }, error === undefined ? part : Buffer.concat([before, part]), before.length, packets);
  }

  /**
   * Counts what the kernel took of a write. Where that is not all, the file is cut back to its last whole record.
   *
   * @param records from the beginning of a record on, of which the first `earlier` bytes were in the file before
   */
  #keep({ bytes, error }: Taken, records: Uint8Array, earlier: number, packets: number): void {
    if (error === undefined) {
      this.#add({ packets, bytes });
      this.#attempt(() => this.#file?.noteWrite());
      return;
    }
    // The descriptor's position is behind the bytes that are cut off, so that a further write would leave a hole.
    this.#refusal = outputError(this.#name, error);
    const whole = this.#wholeRecords(records, earlier + bytes);
    this.#add({ packets: whole.records, bytes: whole.bytes - earlier });
    if (this.#file !== undefined) this.#cut(bytes - (whole.bytes - earlier));
    throw this.#refusal;
  }

  #begin(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  #add({ packets, bytes }: Extent): void {
    this.#written = { packets: this.#written.packets + packets, bytes: this.#written.bytes + bytes };
  }

  /** Checks the length of the file. Where another program changed it, `packets` is set to the packets that are left. */
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
   * Waits until a regular file is on its disk. Where the kernel says that it is not, `packets` counts the packets that
   * the last successful sync() put there, and nothing is taken any more.
   *
   * @throws RingcapError OUTPUT, also where another program changed the file
   */
  sync(): void {
    this.#checkWhole();
    this.#syncNow();
  }

  /**
   * Puts on the disk what was written, also what was written before a failure, while the process goes on with other
   * work. Nothing may be written after that.
   *
   * @throws RingcapError OUTPUT, also where another program changed the file; an error that write() threw before is not
   *   thrown again
   */
  async settle(): Promise<void> {
    if (this.#refusal === undefined) this.#checkWhole();
    if (this.#file === undefined) return;
    try {
      await fsyncLater(this.#fd);
    } catch (error) {
      this.#lost(error);
    }
    this.#synced = this.#written;
  }

  /** Checks the whole file. @throws RingcapError OUTPUT where another program changed it */
  #checkWhole(): void {
    this.#begin();
    this.#checkFile();
    this.#refuse(this.#attempt(() => this.#file?.damageWithin(this.#written)));
  }

  #lost(error: unknown): never {
    this.#written = this.#synced;
    this.#refusal = outputError(this.#name, error);
    throw this.#refusal;
  }

  /**
   * Puts on the disk what was written, also what was written before a failure, and closes the file.
   *
   * @throws RingcapError OUTPUT as sync() does; the file is closed in that case too
   */
  close(): void {
    if (!this.#open) return;
    try {
      if (this.#refusal === undefined) this.sync();
      else this.#syncNow();
    } finally {
      this.release();
    }
  }

  #syncNow(): void {
    if (this.#file === undefined) return;
    try {
      fsyncSync(this.#fd);
    } catch (error) {
      this.#lost(error);
    }
    this.#synced = this.#written;
  }

  /** Closes the descriptor without putting anything on the disk. */
  release(): void {
    if (!this.#open) return;
    this.#open = false;
    const operation = `write ${this.#name}`;
    this.#refusal ??= new RingcapError(`${operation}: it is closed`, { code: "OUTPUT", operation });
    try {
      this.#file?.close();
    } finally {
      this.#attempt(() => closeSync(this.#fd));
    }
  }

  #writeAll(bytes: Uint8Array, from = 0): Taken {
    let written = from;
    while (written < bytes.length) {
      try {
        written += writeSync(this.#fd, bytes, written);
      } catch (error) {
        return { bytes: written, error };
      }
    }
    return { bytes: written };
  }

  /** Removes `length` bytes from the end of the file: the part of the last write that is no whole record. */
  #cut(length: number): void {
    if (length > 0) this.#attempt(() => ftruncateSync(this.#fd, fstatSync(this.#fd).size - length));
  }

  /** Makes a system call. @throws RingcapError OUTPUT with the name of the file where it fails */
  #attempt<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw outputError(this.#name, error);
    }
  }
}
