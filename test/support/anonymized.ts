/** Packets whose addresses are replaced without a file. */
import { AnonymizedBatches, type AnonymizedOptions } from "../../src/anonymize/anonymized-batches.ts";
import { Anonymizer } from "../../src/anonymize/index.ts";
import { PcapBatch } from "../../src/packets/pcap-batch.ts";

/** The key of the sample of the original implementation of Crypto-PAn. */
export const SAMPLE_KEY = Uint8Array.of(
  ...[21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16],
  ...[216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2],
);

export function sampleAnonymizer(): Anonymizer {
  return new Anonymizer(SAMPLE_KEY);
}

function batchOf(packets: readonly Uint8Array[]): PcapBatch {
  const records = packets.map((packet) => {
    const header = Buffer.alloc(16);
    header.writeUInt32LE(packet.length, 8);
    header.writeUInt32LE(packet.length, 12);
    return Buffer.concat([header, packet]);
  });
  return new PcapBatch(Buffer.concat(records), packets.length, { interfaceIndex: 0, direction: 0, timeUnit: 1 });
}

/** Returns what is kept of each packet. */
export function anonymized(
  packets: readonly Uint8Array[],
  options: AnonymizedOptions & { readonly linkType?: number } = {},
): Uint8Array[] {
  const batches = new AnonymizedBatches(sampleAnonymizer(), options);
  return Array.from(batches.next(batchOf(packets), options.linkType ?? 1), ({ data }) => Uint8Array.from(data));
}
