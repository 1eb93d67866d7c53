/** Where to part what an encoder made of a batch. */
import type { PacketBatch } from "../packets/packet-batch.ts";
import type { FileEncoder } from "./file-format.ts";

export interface Part {
  packets: number;
  bytes: number;
}

/** The first packets of encoded ones: at most so many, and in at most so many bytes. */
export function firstPart(encoder: FileEncoder, encoded: Uint8Array, packets: number, bytes: number): Part {
  const limit = Math.min(bytes, encoded.length);
  const whole = encoder.wholeRecords(encoded, Math.max(0, limit));
  if (whole.records <= packets) return { packets: whole.records, bytes: whole.bytes };
  // The shortest beginning that has all of them ends with the last of them.
  let [short, long] = [0, limit];
  while (long - short > 1) {
    const middle = (short + long) >>> 1;
    if (encoder.wholeRecords(encoded, middle).records < packets) short = middle;
    else long = middle;
  }
  return { packets, bytes: packets === 0 ? 0 : long };
}

/** How many packets at the beginning of the batch are older than a whole second since the epoch. */
export function packetsBefore(batch: PacketBatch, second: number): number {
  const cursor = batch.cursor();
  let packets = 0;
  while (cursor.next() && cursor.seconds < second) packets++;
  return packets;
}
