import type { DecodedPacket } from "../../pcap-parser/index.ts";

/** One packet on its way to a line. */
export interface LineContext {
  readonly bytes: Uint8Array;
  readonly packet: DecodedPacket;
  /** Bytes on the wire. */
  readonly originalLength: number;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** How many packets this one is wrapped in. */
  readonly depth: number;
}

/** Bytes from `offset` to the end of the IP packet, or of the frame when no header says where that is. */
export function lengthFrom(context: LineContext, offset: number): number {
  return Math.max(0, (context.packet.endOffset ?? context.originalLength) - offset);
}

/** The captured bytes from `offset` on, without the padding of the frame. */
export function capturedFrom(context: LineContext, offset: number): Uint8Array {
  return context.bytes.subarray(offset, context.packet.endOffset ?? context.bytes.length);
}

export function hex(value: number, digits = 1): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
