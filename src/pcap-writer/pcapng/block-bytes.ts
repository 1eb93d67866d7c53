/** Collects the bytes of blocks, one block after the other: draft-ietf-opsawg-pcapng, section 3.1. */
import { usageError } from "../../errors.ts";
import { ShortCopy } from "../short-copy.ts";
import { MOST_64 } from "./checks.ts";

/** The order of the bytes of a number in a section of a file. */
export type ByteOrder = "little-endian" | "big-endian";

/** Bytes of a block beside its body: type, total length, and the total length once more behind the body. */
export const BLOCK_OVERHEAD = 12;
/** The most bytes of one block that Wireshark, libpcap and ringcap/pcap-parser read. */
export const MOST_BLOCK_BYTES = 16 * 1024 * 1024;

const TOTAL_LENGTH = 4;
const encoder = new TextEncoder();
const SMALLEST_INT64 = -(2n ** 63n);

/** Memory for blocks, which grows as they need it. */
export class BlockBytes {
  /** Whether the blocks that are begun next are little-endian. */
  littleEndian: boolean;
  #bytes: Uint8Array;
  #view: DataView;
  #copies: ShortCopy;
  #length = 0;
  #start = 0;

  /** @param bytes memory for the first blocks */
  constructor(byteOrder: ByteOrder, bytes: Uint8Array = Buffer.allocUnsafe(256)) {
    this.littleEndian = byteOrder === "little-endian";
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#copies = new ShortCopy(bytes);
  }

  /** Bytes that were added. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that can be added before the memory has to grow. */
  get room(): number {
    return this.#bytes.length - this.#length;
  }

  /** A view of the whole memory, which is valid until something is added. */
  get view(): DataView {
    return this.#view;
  }

  /** Begins a block of that type. */
  begin(type: number): void {
    this.#start = this.#length;
    this.uint32(type);
    this.uint32(0);
  }

  /** Ends the block that was begun. @throws RingcapError USAGE if it is longer than readers accept */
  end(): void {
    const total = this.#length + TOTAL_LENGTH - this.#start;
    if (total > MOST_BLOCK_BYTES) throw usageError("block", `${total} bytes; readers take ${MOST_BLOCK_BYTES} at most`);
    this.uint32(total);
    this.#view.setUint32(this.#start + TOTAL_LENGTH, total, this.littleEndian);
  }

  /** Forgets everything behind the first `length` bytes. */
  cut(length: number): void {
    this.#length = length;
  }

  uint8(value: number): void {
    const at = this.reserve(1);
    this.#view.setUint8(at, value);
  }

  uint16(value: number): void {
    const at = this.reserve(2);
    this.#view.setUint16(at, value, this.littleEndian);
  }

  uint32(value: number): void {
    const at = this.reserve(4);
    this.#view.setUint32(at, value, this.littleEndian);
  }

  /** Adds a number of 64 bits, with or without a sign. @throws RingcapError USAGE if it does not fit into 64 bits */
  int64(name: string, value: bigint): void {
    if (value < SMALLEST_INT64 || value > MOST_64) throw usageError(name, `${value} does not fit 64 bits`);
    const at = this.reserve(8);
    this.#view.setBigUint64(at, BigInt.asUintN(64, value), this.littleEndian);
  }

  /** Adds a time of 64 bits, whose upper half comes first in either byte order (section 4.3). */
  time(units: bigint): void {
    this.uint32(Number(units >> 32n));
    this.uint32(Number(units & 0xffff_ffffn));
  }

  bytes(value: Uint8Array): void {
    const at = this.reserve(value.length);
    this.#bytes.set(value, at);
  }

  text(value: string): void {
    const at = this.reserve(Buffer.byteLength(value));
    encoder.encodeInto(value, this.#bytes.subarray(at));
  }

  /** Adds zeros up to the next multiple of four bytes. */
  pad(): void {
    while (((this.#length - this.#start) & 3) !== 0) this.uint8(0);
  }

  /** Makes place for `length` bytes. @returns the index at which the place begins */
  reserve(length: number): number {
    const at = this.#length;
    if (at + length > this.#bytes.length) this.#grow(at + length);
    this.#length = at + length;
    return at;
  }

  /** Makes place for a whole block of `length` bytes. @returns the index at which the place begins */
  reserveBlock(length: number): number {
    this.#start = this.#length;
    return this.reserve(length);
  }

  /** Copies bytes into a place that was reserved. */
  copy(to: number, source: Uint8Array, start: number, length: number): void {
    this.#copies.copy(to, source, start, length);
  }

  /** Returns a view of all bytes that were added, and begins anew. The view is valid until something is added. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #grow(needed: number): void {
    if (needed - this.#start > MOST_BLOCK_BYTES + BLOCK_OVERHEAD) {
      throw usageError("block", `more than the ${MOST_BLOCK_BYTES} bytes that readers take`);
    }
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer, grown.byteOffset, grown.byteLength);
    this.#copies = new ShortCopy(grown);
  }
}
