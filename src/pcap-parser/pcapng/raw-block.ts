/** A block of a pcapng file as its bytes are: draft-ietf-opsawg-pcapng, section 3.1. */
import type { FaultReporter } from "../capture-file-error.ts";
import { BlockOptions, checkOptions, type OptionLengths } from "./options.ts";

/** Block type, total length, body, total length. */
export const BLOCK_OVERHEAD = 12;
export const BLOCK_BODY = 8;
export const BLOCK_TRAILER_LENGTH = 4;

/** A whole block whose total lengths were checked. Offsets of its reads count from its first byte. */
export class RawBlock {
  readonly type: number;
  /** From the block's type to its second total length: a view, valid as long as its batch is. */
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  /** Of the block, in the file or what it inflates to. */
  readonly fileOffset: number;
  /** Packets of the file before this block. */
  readonly packetsBefore: number;
  readonly #view: DataView;
  readonly #faults: FaultReporter;

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

  /** The same block in memory of its own. */
  copy(): RawBlock {
    return new RawBlock(this.bytes.slice(), this.littleEndian, this.fileOffset, this.packetsBefore, this.#faults);
  }

  /** Where the body ends. */
  get bodyEnd(): number {
    return this.bytes.length - BLOCK_TRAILER_LENGTH;
  }

  /** The body from `start` on. */
  body(start = BLOCK_BODY): Uint8Array {
    return this.bytes.subarray(start, this.bodyEnd);
  }

  uint16(offset: number): number {
    return this.#view.getUint16(offset, this.littleEndian);
  }

  uint32(offset: number): number {
    return this.#view.getUint32(offset, this.littleEndian);
  }

  int64(offset: number): bigint {
    return this.#view.getBigInt64(offset, this.littleEndian);
  }

  /** A time of 64 bits, whose upper half comes first in either byte order. */
  time(offset: number): bigint {
    return (BigInt(this.uint32(offset)) << 32n) | BigInt(this.uint32(offset + 4));
  }

  /** @throws CaptureFileError if the fixed part of the block, of that many bytes, is not there */
  require(name: string, fixedLength: number): void {
    if (this.bodyEnd < BLOCK_BODY + fixedLength) {
      throw this.corrupt(4, `a block of ${this.bytes.length} bytes is too short to be ${name}`);
    }
  }

  /** The options from `start` to the end of the body. @throws CaptureFileError if they do not fit, or have wrong lengths */
  options(start: number, lengths?: OptionLengths): BlockOptions {
    const fault = checkOptions(this.#view, start, this.bodyEnd, this.littleEndian, lengths);
    if (fault !== undefined) throw this.corrupt(fault.offset, fault.message);
    return new BlockOptions(this.body(start), this.littleEndian);
  }

  corrupt(offset: number, what: string): Error {
    return this.#faults.corrupt(this.fileOffset + offset, what);
  }

  unsupported(offset: number, what: string): Error {
    return this.#faults.unsupported(this.fileOffset + offset, what);
  }
}
