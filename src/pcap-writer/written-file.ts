/**
 * Watches a regular file that is being written: finds out whether another program changed it, and how much of it is
 * left.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { RingcapError } from "../errors.ts";

/** An amount of packets, and the bytes of the file that hold them, with the file header. */
export interface Extent {
  readonly packets: number;
  readonly bytes: number;
}

/** What is wrong with the file, and how much is left of what was written. */
export interface Damage {
  readonly error: RingcapError;
  readonly left: Extent;
}

/**
 * Counts the whole records among the first `limit` bytes of records, and the bytes up to the end of the last of them.
 */
export type WholeRecords = (bytes: Uint8Array, limit: number) => { records: number; bytes: number };

const NOTHING: Extent = { packets: 0, bytes: 0 };
/** Bytes that are read at once. The largest record fits. */
const PIECE_LENGTH = 1 << 20;

export class WrittenFile {
  readonly #fd: number;
  readonly #name: string;
  readonly #header: Uint8Array;
  /** Offset in bytes at which the header of this capture begins; undefined where it is not known. */
  readonly #start: number | undefined;
  /** Whether the file had a name when it was opened. */
  readonly #named: boolean;
  readonly #wholeRecords: WholeRecords;
  /**
   * A second descriptor of the file, for reading. It is undefined where /proc is not mounted, and where the file may
   * not be read. It is opened at the beginning, because the process may become a user that may not read the file.
   */
  readonly #reader: number | undefined;
  #checked: Extent = NOTHING;
  /** The time of this process's last write in milliseconds, by the clock of the file system. */
  #writtenAt: number;
  /** Whether the file was changed at any other time than by a write of this process. */
  #suspect = false;

  /**
   * @param fd descriptor of a regular file, at whose end `header` was written
   * @param sizeBefore bytes of the file before the header was written
   */
  constructor(fd: number, name: string, header: Uint8Array, sizeBefore: number, wholeRecords: WholeRecords) {
    const { size, nlink, mtimeMs } = fstatSync(fd);
    this.#fd = fd;
    this.#writtenAt = mtimeMs;
    this.#name = name;
    this.#header = header;
    this.#wholeRecords = wholeRecords;
    this.#start = size === sizeBefore + header.length ? sizeBefore : undefined;
    this.#named = nlink > 0;
    this.#reader = openForReading(fd);
  }

  /** Remembers the time of a write. It is called after each write of this process. */
  noteWrite(): void {
    this.#writtenAt = fstatSync(this.#fd).mtimeMs;
  }

  /**
   * Compares the length of the file with what this process wrote.
   *
   * @param written the packets and bytes that this process wrote so far
   * @returns what is wrong, if bytes are missing or another program added some; undefined if the length is right
   */
  damage(written: Extent): Damage | undefined {
    const { size, nlink, mtimeMs } = fstatSync(this.#fd);
    if (mtimeMs !== this.#writtenAt) this.#suspect = true;
    if (this.#named && nlink === 0) {
      return this.#damaged("the file was deleted, and its packets with it", NOTHING);
    }
    if (this.#start === undefined || size === this.#start + written.bytes) {
      this.#checked = written;
      return undefined;
    }
    const cut = size < this.#start + written.bytes;
    const left = this.#recordsLeft(this.#start, cut ? size : this.#start + this.#checked.bytes);
    const what = cut ? "another program cut the file" : "another program writes to the same file";
    return this.#damaged(what, left ?? NOTHING);
  }

  /**
   * Finds out whether another program wrote over a part of the file. It reads the header, and the whole file only where
   * the time of the last write is not the one of this process.
   *
   * @param written the packets and bytes that this process wrote so far
   * @returns what is wrong; undefined if nothing is
   */
  damageWithin(written: Extent): Damage | undefined {
    if (this.#start === undefined || !this.#named) return undefined;
    if (!this.#hasHeader(this.#start)) {
      return this.#damaged("another program wrote over the beginning of the file", NOTHING);
    }
    if (!this.#suspect) return undefined;
    const left = this.#recordsLeft(this.#start, this.#start + written.bytes);
    if (left === undefined || left.packets === written.packets) return undefined;
    return this.#damaged("another program wrote over a part of the file", left);
  }

  #hasHeader(start: number): boolean {
    return this.#read(start, this.#header.length)?.equals(this.#header) ?? true;
  }

  #damaged(what: string, left: Extent): Damage {
    const operation = `write ${this.#name}`;
    const hint = "write to a file, and a directory, that no other program changes";
    return { error: new RingcapError(`${operation}: ${what}`, { code: "OUTPUT", operation, hint }), left };
  }

  /**
   * Reads the file again up to the offset `end`, and counts the records that this process can have written. It is
   * undefined where the file cannot be read.
   */
  #recordsLeft(start: number, end: number): Extent | undefined {
    const first = start + this.#header.length;
    if (first > end || !this.#hasHeader(start)) return NOTHING;
    return this.#reading((fd) => this.#countRecords(fd, start, first, end));
  }

  #countRecords(fd: number, start: number, first: number, end: number): Extent {
    const piece = Buffer.alloc(PIECE_LENGTH);
    let position = first;
    let packets = 0;
    while (position < end) {
      const length = readSync(fd, piece, 0, Math.min(piece.length, end - position), position);
      const whole = this.#wholeRecords(piece.subarray(0, length), length);
      if (whole.bytes === 0) break;
      position += whole.bytes;
      packets += whole.records;
    }
    return { packets, bytes: position - start };
  }

  #read(position: number, length: number): Buffer | undefined {
    const bytes = Buffer.alloc(length);
    return this.#reading((fd) => bytes.subarray(0, readSync(fd, bytes, 0, length, position)));
  }

  #reading<T>(read: (fd: number) => T): T | undefined {
    return this.#reader === undefined ? undefined : read(this.#reader);
  }

  /** Closes the second descriptor of the file. The descriptor that the constructor was given stays open. */
  close(): void {
    if (this.#reader !== undefined) closeSync(this.#reader);
  }
}

/** Opens the file behind a descriptor through /proc, whatever name the file has. */
function openForReading(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, "r");
  } catch {
    return undefined;
  }
}
