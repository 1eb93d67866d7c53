/** What is certain of a regular file that is being written: whether others changed it, and what of it is on the disk. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { RingcapError } from "../errors.ts";

/** Packets, and bytes of the file with its header. */
export interface Extent {
  readonly packets: number;
  readonly bytes: number;
}

/** What is wrong with the file, and what is left of what was written. */
export interface Damage {
  readonly error: RingcapError;
  readonly left: Extent;
}

/** How many whole records the first `limit` bytes of records hold, and where the last of them ends. */
export type WholeRecords = (bytes: Uint8Array, limit: number) => { records: number; bytes: number };

const NOTHING: Extent = { packets: 0, bytes: 0 };
/** Room for the largest record. */
const PIECE_LENGTH = 1 << 20;

export class WrittenFile {
  readonly #fd: number;
  readonly #name: string;
  readonly #header: Uint8Array;
  /** Where the header of this capture begins, bytes; undefined where that is not known. */
  readonly #start: number | undefined;
  /** Whether the file had a name at the beginning. */
  readonly #named: boolean;
  readonly #wholeRecords: WholeRecords;
  /**
   * The file for reading; undefined where /proc is not mounted and where the file may not be read. It is open from the
   * beginning, because the process may become a user that may not read it.
   */
  readonly #reader: number | undefined;
  #checked: Extent = NOTHING;
  /** When this process wrote last, by the file system's clock, milliseconds. */
  #writtenAt: number;
  /** Whether the file was changed at another time too. */
  #suspect = false;

  /**
   * @param fd a regular file, at whose end `header` was written
   * @param sizeBefore of the file before that, bytes
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

  /** To be called after each write of this process. */
  noteWrite(): void {
    this.#writtenAt = fstatSync(this.#fd).mtimeMs;
  }

  /**
   * Looks whether the file is as long as this process left it.
   *
   * @param written what this process wrote so far
   * @returns what of it is not there any more or cannot be told from what others wrote; undefined: all is there
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
   * As damage(), of what others wrote over what is there. Where nobody but this process wrote, it reads the header alone; where
   * others did, the whole file.
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

  /** Reads the file again, up to `end`: records as this process writes them. Undefined where the file cannot be read. */
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

  /** Closes what this class has opened, which is not the descriptor that it was given. */
  close(): void {
    if (this.#reader !== undefined) closeSync(this.#reader);
  }
}

/** Opens the file behind a descriptor, whatever its name is. */
function openForReading(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, "r");
  } catch {
    return undefined;
  }
}
