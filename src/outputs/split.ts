/** Finds the place at which encoded packets of a batch are split between two files. */
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { FileEncoder } from "./file-format.ts";

export interface Part {
  packets: number;
  bytes: number;
}

/**
 * Returns how many packets, and how many bytes, the first part of encoded packets has: at most `packets` packets and
 * `bytes` bytes.
 */
export function firstPart(encoder: FileEncoder, encoded: Uint8Array, packets: number, bytes: number): Part {
  const limit = Math.min(bytes, encoded.length);
  const whole = encoder.wholeRecords(encoded, Math.max(0, limit));
  if (whole.records <= packets) return { packets: whole.records, bytes: whole.bytes };
  // The binary search finds the shortest beginning that holds all of the packets. It ends with the last one of them.
  let [short, long] = [0, limit];
  while (long - short > 1) {
    const middle = (short + long) >>> 1;
    if (encoder.wholeRecords(encoded, middle).records < packets) short = middle;
    else long = middle;
  }
  return { packets, bytes: packets === 0 ? 0 : long };
}

/** Returns how many packets at the beginning of the batch are older than a whole second since the epoch. */
export function packetsBefore(batch: PacketBatch, second: number): number {
  const cursor = batch.cursor();
  let packets = 0;
  while (cursor.next() && cursor.seconds < second) packets++;
  return packets;
}
