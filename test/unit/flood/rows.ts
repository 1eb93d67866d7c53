/** Rows of enhanced packet blocks (draft-ietf-opsawg-pcapng section 4.3), as they lie in a ring. */
import { BlockBatch } from "../../../src/packets/block-batch.ts";

const EPB = 6;
const FLAGS = 2;
/** Header, epb_flags, the end of the options, and the length once more. */
const OVERHEAD = 28 + 8 + 4 + 4;

/** @param time nanoseconds since the epoch */
function block(time: bigint, length: number): Buffer {
  const padded = (length + 3) & ~3;
  const bytes = Buffer.alloc(OVERHEAD + padded, 0xee);
  const words = [EPB, bytes.length, 0, Number(time >> 32n), Number(time & 0xffff_ffffn), length, length];
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word, 4 * index);
  const options = 28 + padded;
  bytes.writeUInt16LE(FLAGS, options);
  bytes.writeUInt16LE(4, options + 2);
  bytes.writeUInt32LE(1, options + 4);
  bytes.writeUInt32LE(0, options + 8);
  bytes.writeUInt32LE(bytes.length, options + 12);
  return bytes;
}

/** Bytes of the block of a packet of so many bytes. */
export function blockLength(length: number): number {
  return OVERHEAD + ((length + 3) & ~3);
}

export function rowOf(times: readonly bigint[], length = 60) {
  return { bytes: Buffer.concat(times.map((time) => block(time, length))), packets: times.length };
}

export function batchAt(times: readonly bigint[], length = 60): BlockBatch {
  const { bytes, packets } = rowOf(times, length);
  return new BlockBatch(bytes, packets, 4);
}

/** The times of the packets of a row. */
export function timesOf(bytes: Uint8Array): bigint[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const times: bigint[] = [];
  for (let at = 0; at < view.length; at += view.readUInt32LE(at + 4)) {
    times.push((BigInt(view.readUInt32LE(at + 12)) << 32n) | BigInt(view.readUInt32LE(at + 16)));
  }
  return times;
}
