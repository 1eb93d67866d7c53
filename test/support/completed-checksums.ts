/** What became of a packet whose checksum may have been left to the network card. */
import { completeChecksums } from "../../src/native/checksums.ts";
import { concatenate } from "./frames.ts";

export const ETHERNET = 1;

/** A record of a pcap file. */
export function recordOf(data: Uint8Array, originalLength = data.length): Uint8Array {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(data.length, 8);
  header.writeUInt32LE(originalLength, 12);
  return Uint8Array.from(concatenate(header, data));
}

export function complete(data: Uint8Array, linkType = ETHERNET, originalLength = data.length) {
  const record = recordOf(data, originalLength);
  const counts = completeChecksums(record, 1, linkType);
  return { ...counts, hex: Buffer.from(record.subarray(16)).toString("hex") };
}

export const completed = (expected: Uint8Array) => ({
  completed: 1,
  cut: 0,
  hex: Buffer.from(expected).toString("hex"),
});
export const untouched = (expected: Uint8Array) => ({
  completed: 0,
  cut: 0,
  hex: Buffer.from(expected).toString("hex"),
});
export const cut = (expected: Uint8Array) => ({ completed: 0, cut: 1, hex: Buffer.from(expected).toString("hex") });
