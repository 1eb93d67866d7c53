/** The bytes of a block of a pcapng file: draft-ietf-opsawg-pcapng, section 3.1. */
import type { FaultReporter } from "../capture-file-error.ts";
import { BlockOptions, checkOptions, type OptionLengths } from "./options.ts";

/** Bytes of a block beside its body: type, total length, and the total length once more behind the body. */
export const BLOCK_OVERHEAD = 12;
export const BLOCK_BODY = 8;
export const BLOCK_TRAILER_LENGTH = 4;

/** A whole block whose two total lengths were checked. The offsets of its methods count from its first byte. */
export class RawBlock {
  /** The type of the block. */
  readonly type: number;
  /** From the block's type to its second total length: a view, valid as long as its batch is. */
  readonly bytes: Uint8Array;
  /** The byte order of the block. */
  readonly littleEndian: boolean;
  /** Offset in bytes of the block, in the file or in what the file inflates to. */
  readonly fileOffset: number;
  /** Packets of the file before this block. */
  readonly packetsBefore: number;
  readonly #view: DataView;
  readonly #faults: FaultReporter;

  /** @internal */
  constructor(
    bytes: Uint8Array,
    littleEndian: boolean,
    fileOffset: number,
    packetsBefore: number,
    faults: FaultReporter,
  ) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
    this.fileOffset = fileOffset;
    this.packetsBefore = packetsBefore;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#faults = faults;
    this.type = this.#view.getUint32(0, littleEndian);
  }

  /** Returns the same block in memory of its own. */
  copy(): RawBlock {
    return new RawBlock(this.bytes.slice(), this.littleEndian, this.fileOffset, this.packetsBefore, this.#faults);
  }

  /** Offset at which the body ends. */
  get bodyEnd(): number {
    return this.bytes.length - BLOCK_TRAILER_LENGTH;
  }

  /** Returns the body from the offset `start` on. */
  body(start = BLOCK_BODY): Uint8Array {
    return this.bytes.subarray(start, this.bodyEnd);
  }

  /** Reads a number of 16 bits. @throws RangeError beyond the end of the block */
  uint16(offset: number): number {
    return this.#view.getUint16(offset, this.littleEndian);
  }

  /** Reads a number of 32 bits. @throws RangeError beyond the end of the block */
  uint32(offset: number): number {
    return this.#view.getUint32(offset, this.littleEndian);
  }

  /** Reads a number of 64 bits with a sign. @throws RangeError beyond the end of the block */
  int64(offset: number): bigint {
    return this.#view.getBigInt64(offset, this.littleEndian);
  }

  /** Reads a time of 64 bits, whose upper half comes first in either byte order. */
  time(offset: number): bigint {
    return (BigInt(this.uint32(offset)) << 32n) | BigInt(this.uint32(offset + 4));
  }

  /**
   * Checks that the fixed part of the block is there, whose name in messages is `name`.
   *
   * @throws CaptureFileError if the block has less than `fixedLength` bytes of body
   */
  require(name: string, fixedLength: number): void {
    if (this.bodyEnd < BLOCK_BODY + fixedLength) {
      throw this.corrupt(4, `a block of ${this.bytes.length} bytes is too short to be ${name}`);
    }
  }

  /**
   * Returns the options from `start` to the end of the body.
   *
   * @throws CaptureFileError if they do not fit, or have wrong lengths
   */
  options(start: number, lengths?: OptionLengths): BlockOptions {
    const fault = checkOptions(this.#view, start, this.bodyEnd, this.littleEndian, lengths);
    if (fault !== undefined) throw this.corrupt(fault.offset, fault.message);
    return new BlockOptions(this.body(start), this.littleEndian);
  }

  /** Makes the CaptureFileError of a file that contradicts itself at `offset`. */
  corrupt(offset: number, what: string): Error {
    return this.#faults.corrupt(this.fileOffset + offset, what);
  }

  /** Makes the CaptureFileError of a file that has something at `offset` that is not read. */
  unsupported(offset: number, what: string): Error {
    return this.#faults.unsupported(this.fileOffset + offset, what);
  }
}
