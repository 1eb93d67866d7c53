/** What is certain of a regular file that is being written: whether others changed it, and what of it is on the disk. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { RingcapError } from "../errors.ts";

/** Packets, and bytes of the file with its header. */
export interface Extent {
  readonly packets: number;
  readonly bytes: number;
}

const NOTHING: Extent = { packets: 0, bytes: 0 };
const RECORD_HEADER_LENGTH = 16;
const CAPTURED_LENGTH_OFFSET = 8;
const PIECE_LENGTH = 1 << 20;

export class WrittenFile {
  readonly #fd: number;
  readonly #name: string;
  readonly #header: Uint8Array;
  /** Where the header of this capture begins, bytes; undefined where that is not known. */
  readonly #start: number | undefined;
  /** Whether the file had a name at the beginning. */
  readonly #named: boolean;
  #checked: Extent = NOTHING;

  /**
   * @param fd a regular file, at whose end `header` was written
   * @param sizeBefore of the file before that, bytes
   */
  constructor(fd: number, name: string, header: Uint8Array, sizeBefore: number) {
    const { size, nlink } = fstatSync(fd);
    this.#fd = fd;
    this.#name = name;
    this.#header = header;
    this.#start = size === sizeBefore + header.length ? sizeBefore : undefined;
    this.#named = nlink > 0;
  }

  /**
   * Looks whether the file is still as this process left it.
   *
   * @param written what this process wrote so far
   * @returns what of it is not there any more or cannot be told from what others wrote; undefined: all is there
   */
  damage(written: Extent): { error: RingcapError; left: Extent } | undefined {
    const { size, nlink } = fstatSync(this.#fd);
    if (this.#named && nlink === 0) {
      return this.#damaged("the file was deleted, and its packets with it", NOTHING);
    }
    if (this.#start === undefined || size === this.#start + written.bytes) {
      this.#checked = written;
      return undefined;
    }
    if (size > this.#start + written.bytes) {
      return this.#damaged("another program writes to the same file", this.#checked);
    }
    return this.#damaged("another program cut the file", this.#wholePacketsLeft(this.#start, size));
  }

  #damaged(what: string, left: Extent): { error: RingcapError; left: Extent } {
    const operation = `write ${this.#name}`;
    const hint = "write to a file, and a directory, that no other program changes";
    return { error: new RingcapError(`${operation}: ${what}`, { code: "OUTPUT", operation, hint }), left };
  }

  /** Reads the file again, up to its new end. */
  #wholePacketsLeft(start: number, size: number): Extent {
    const fd = openSync(`/proc/self/fd/${this.#fd}`, "r");
    try {
      const header = Buffer.alloc(this.#header.length);
      readSync(fd, header, 0, header.length, start);
      if (start + header.length > size || !header.equals(this.#header)) return NOTHING;
      return countWholeRecords(fd, start, start + header.length, size);
    } finally {
      closeSync(fd);
    }
  }
}

function countWholeRecords(fd: number, start: number, first: number, size: number): Extent {
  const piece = Buffer.alloc(PIECE_LENGTH);
  let pieceStart = 0;
  let pieceLength = 0;
  let position = first;
  let packets = 0;
  while (position + RECORD_HEADER_LENGTH <= size) {
    if (position < pieceStart || position + RECORD_HEADER_LENGTH > pieceStart + pieceLength) {
      pieceStart = position;
      pieceLength = readSync(fd, piece, 0, piece.length, position);
      if (pieceLength < RECORD_HEADER_LENGTH) break;
    }
    const capturedLength = piece.readUInt32LE(position - pieceStart + CAPTURED_LENGTH_OFFSET);
    const end = position + RECORD_HEADER_LENGTH + capturedLength;
    if (end > size) break;
    position = end;
    packets++;
  }
  return { packets, bytes: position - start };
}
