/** Packets that are made up, as the batches of a capture. */
import type { CaptureCounters, SourceDescription } from "../../src/packets/captured.ts";
import { PcapBatch } from "../../src/packets/pcap-batch.ts";
import type { PacketSink } from "../../src/pipeline/index.ts";
import type { Degradation } from "./degrade.ts";
import { HEADERS_MOST, writeFrame } from "./frame.ts";
import type { TrafficPacket } from "./packet.ts";

/** The time of what is at 0, in seconds since the epoch. */
export const BEGINNING = 1_700_000_000;
const RECORD = 16;
const BATCH = 4096;
const ETHERNET = { linkType: 1, name: "EN10MB", description: "Ethernet" };

export function* batchesOf(packets: readonly TrafficPacket[], isIpv6: boolean): Generator<PcapBatch> {
  for (let first = 0; first < packets.length; first += BATCH) {
    const some = packets.slice(first, first + BATCH);
    const bytes = Buffer.alloc(some.length * (RECORD + HEADERS_MOST) + HEADERS_MOST);
    let at = 0;
    for (const packet of some) {
      const { captured, original } = writeFrame(bytes, at + RECORD, packet, isIpv6);
      const second = Math.floor(packet.at);
      bytes.writeUInt32LE(BEGINNING + second, at);
      bytes.writeUInt32LE(Math.floor((packet.at - second) * 1e9), at + 4);
      bytes.writeUInt32LE(captured, at + 8);
      bytes.writeUInt32LE(original, at + 12);
      at += RECORD + captured;
    }
    yield new PcapBatch(bytes.subarray(0, at), some.length, { interfaceIndex: 1, direction: 0, timeUnit: 1 });
  }
}

/** Hands packets to a sink as a capture of an interface does, sorted by time. */
export async function capture(
  sink: PacketSink,
  packets: readonly TrafficPacket[],
  { isTold, factor, filter }: Degradation,
  isIpv6: boolean,
): Promise<void> {
  const sampledOut = isTold ? packets.length * (factor - 1) : 0;
  const matched = packets.length + sampledOut;
  const counted = { ringDropped: 0, rateLimited: 0, overLimit: 0, delivered: packets.length };
  const counters: CaptureCounters = { seen: matched, matched, sampledOut, ...counted };
  const hook = isTold ? ({ hook: "tc" } as const) : {};
  const description: SourceDescription = {
    origins: [{ name: "v0", index: 1, direction: "inout", link: ETHERNET, ...hook }],
    snapshotLength: HEADERS_MOST,
    filter: filter ?? undefined,
  };
  await sink.begin?.(description, () => counters);
  for (const batch of batchesOf(packets, isIpv6)) await sink.write(batch);
  await sink.close();
}
