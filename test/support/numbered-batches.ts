/** Batches as they come out of a ring, without a kernel: packets with their number in them. */
import type { SourceDescription } from "../../src/packets/captured.ts";
import { PcapBatch } from "../../src/packets/pcap-batch.ts";

export const description: SourceDescription = {
  origins: [
    {
      name: "v0",
      index: 1,
      direction: "in",
      link: { linkType: 1, name: "EN10MB", description: "Ethernet" },
    },
  ],
  snapshotLength: 262_144,
};

export const noCounters = () => ({
  seen: 0,
  matched: 0,
  sampledOut: 0,
  rateLimited: 0,
  ringDropped: 0,
  overLimit: 0,
  delivered: 0,
});

/** Bytes of a record of numberedBatch() in a pcap file. */
export const RECORD = 16 + 64;
export const HEADER = 24;

/** @param first number @param second since the epoch, of all packets or of each number @param length bytes of each packet */
export function numberedBatch(
  first: number,
  count: number,
  second: number | ((number: number) => number) = 1_700_000_000,
  length = RECORD - 16,
): PcapBatch {
  const bytes = Buffer.alloc(count * (16 + length));
  for (let index = 0; index < count; index++) {
    const at = index * (16 + length);
    bytes.writeUInt32LE(typeof second === "number" ? second : second(first + index), at);
    bytes.writeUInt32LE(index % 1_000_000, at + 4);
    bytes.writeUInt32LE(length, at + 8);
    bytes.writeUInt32LE(length, at + 12);
    if (length >= 4) bytes.writeUInt32BE(first + index, at + 16);
  }
  return new PcapBatch(bytes, count, { interfaceIndex: 1, direction: 0, timeUnit: 1000 });
}
