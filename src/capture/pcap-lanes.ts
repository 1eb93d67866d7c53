/** How the packets of a capture with libpcap are divided among packet sockets: one lane for each. */
import { PACKET_DIRECTION_IN, PACKET_DIRECTION_OUT, PACKET_RING_SIZE_MAX } from "../generated/layouts.ts";
import type { CaptureInterface } from "../host/interfaces.ts";
import type { PcapLane } from "../native/pcap-capture.ts";
import type { CaptureSettings } from "./options.ts";
import type { InterfacePlan } from "./plan.ts";

/** Bytes of a block of the ring, libpcap's MAXIMUM_SNAPLEN. */
const RING_BLOCK = 262_144;
const RING_SIZE_MIN = 4 * RING_BLOCK;

/** The packets of one interface that one packet socket takes. */
export interface Lane {
  readonly plan: InterfacePlan;
  readonly way: "in" | "out";
  readonly opened: PcapLane;
}

/**
 * Bytes of each ring, a number of whole blocks. All rings together have as many bytes as the rings of the CPUs would
 * have.
 */
export function laneRingSize(total: number, lanes: number): number {
  const share = Math.floor(total / lanes / RING_BLOCK) * RING_BLOCK;
  return Math.min(PACKET_RING_SIZE_MAX, Math.max(RING_SIZE_MIN, share));
}

/**
 * Which packets to take, and the direction that they are said to have. The loopback interface receives everything that
 * it sends.
 */
export function waysOf(
  { loopback }: CaptureInterface,
  direction: CaptureSettings["direction"],
): ["in" | "out", number][] {
  if (loopback) return [["in", direction === "out" ? PACKET_DIRECTION_OUT : PACKET_DIRECTION_IN]];
  const ways: ["in" | "out", number][] = [];
  if (direction !== "out") ways.push(["in", PACKET_DIRECTION_IN]);
  if (direction !== "in") ways.push(["out", PACKET_DIRECTION_OUT]);
  return ways;
}
