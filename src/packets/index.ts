/** Packets as they travel through the process, and the description and counters of where they come from. */
export type { BpfHook, CaptureCounters, CapturedInterface, Direction, Hook } from "./captured.ts";
export { type LinkType, linkTypeOf, linkTypes } from "./link-types.ts";
export type { CapturedPacket, PacketBatch, PacketCursor, PacketProcess } from "./packet-batch.ts";
export {
  TRAFFIC_KEYS,
  type TrafficCounts,
  type TrafficKey,
  type TrafficTable,
  type TrafficTotals,
  type TrafficWindow,
} from "./traffic-counts.ts";
